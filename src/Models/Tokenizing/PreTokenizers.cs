using System.Text;
using Vrp.Models.Tokenizing.Json;
using Vrp.Models.Tokenizing.Patterns;

namespace Vrp.Models.Tokenizing;

/// <summary>Splits (and rewrites) pieces of text before the model sees them; added tokens pass untouched, empty pieces vanish.</summary>
abstract class PreTokenizer
{
    /// <summary>Whether it treats the beginning of the input in its own way (<see cref="Piece.IsFirst"/>).</summary>
    public virtual bool MindsBeginning => false;

    /// <summary>Splits one piece of text that is not empty.</summary>
    protected internal abstract IEnumerable<Piece> Split(Piece piece);

    /// <summary>Rewrites one piece of text that is not empty, without splitting it.</summary>
    protected internal virtual Piece Rewrite(Piece piece) => piece;

    /// <param name="pieces">The input.</param>
    /// <param name="splits">Whether to split, or only to rewrite.</param>
    public virtual IEnumerable<Piece> Apply(IEnumerable<Piece> pieces, bool splits = true)
    {
        foreach (var piece in pieces)
            if (!piece.IsText) yield return piece;
            else
                foreach (var part in splits ? Split(piece) : [Rewrite(piece)])
                    if (part.Text.Length > 0) yield return part;
    }
}

/// <summary>Pre-tokenizers one after the other.</summary>
sealed class SequencePreTokenizer(IReadOnlyList<PreTokenizer> steps) : PreTokenizer
{
    public override bool MindsBeginning => steps.Any(step => step.MindsBeginning);

    public override IEnumerable<Piece> Apply(IEnumerable<Piece> pieces, bool splits = true) =>
        steps.Aggregate(pieces, (current, step) => step.Apply(current, splits));

    protected internal override IEnumerable<Piece> Split(Piece piece) => Apply([piece]);

    protected internal override Piece Rewrite(Piece piece) => steps.Aggregate(piece, (current, step) => step.Rewrite(current));
}

/// <summary>What becomes of a match when text is split on it; "the-final--countdown" split on "-" shows each.</summary>
enum SplitBehavior
{
    /// <summary>the, final, countdown</summary>
    Removed,

    /// <summary>the, -, final, -, -, countdown</summary>
    Isolated,

    /// <summary>the-, final-, -, countdown</summary>
    MergedWithPrevious,

    /// <summary>the, -final, -, -countdown</summary>
    MergedWithNext,

    /// <summary>the, -, final, --, countdown</summary>
    Contiguous,
}

/// <summary>Splits on a pattern; with <paramref name="invert"/> on what lies between its matches.</summary>
sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) : PreTokenizer
{
    protected internal override IEnumerable<Piece> Split(Piece piece)
    {
        var slices = pattern.Slices(piece.Text).Select(slice => slice with { IsMatch = slice.IsMatch != invert });
        return behavior switch
        {
            SplitBehavior.Isolated => Pieces(piece, slices),
            SplitBehavior.Removed => Pieces(piece, slices.Where(slice => !slice.IsMatch)),
            SplitBehavior.Contiguous => Pieces(piece, Joined(slices, (before, current) => current == before)),
            SplitBehavior.MergedWithPrevious => Pieces(piece, Joined(slices, (before, current) => current && !before)),
            _ => Pieces(piece, Joined(slices.Reverse(), (before, current) => current && !before).Reverse()),
        };
    }

    static IEnumerable<Piece> Pieces(Piece piece, IEnumerable<(int Start, int End, bool)> slices) =>
        slices.Select(slice => piece.Slice(slice.Start, slice.End));

    /// <summary>Joins a slice to the one before it (in the order given) when the two are of the kinds that join.</summary>
    static IEnumerable<(int Start, int End, bool)> Joined(IEnumerable<(int Start, int End, bool IsMatch)> slices, Func<bool, bool, bool> joins)
    {
        (int Start, int End, bool)? open = null;
        var before = false;   // as if a slice that is no match came first
        foreach (var (start, end, isMatch) in slices)
        {
            if (open is var (openStart, openEnd, _) && joins(before, isMatch))
            {
                open = (Math.Min(openStart, start), Math.Max(openEnd, end), false);
            }
            else
            {
                if (open is { } done) yield return done;
                open = (start, end, false);
            }

            before = isMatch;
        }

        if (open is { } last) yield return last;
    }
}

/// <summary>Writes text as its UTF-8 bytes in the byte-level alphabet, after GPT-2's split if asked.</summary>
sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    static readonly SplitPreTokenizer gpt2 = new(
        new RegexPattern(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", "tokenizer.json", "ByteLevel.use_regex"),
            SplitBehavior.Isolated, invert: false);

    protected internal override IEnumerable<Piece> Split(Piece piece) => useRegex ? gpt2.Split(WithPrefix(piece)).Select(InBytes) : [Rewrite(piece)];

    protected internal override Piece Rewrite(Piece piece) => InBytes(WithPrefix(piece));

    Piece WithPrefix(Piece piece) => addPrefixSpace && piece.Text[0] != ' ' ? piece.After(" ") : piece;

    static Piece InBytes(Piece piece)
    {
        var written = piece with
        {
            Text = string.Create(Encoding.UTF8.GetByteCount(piece.Text), piece.Text, (characters, text) =>
            {
                Span<byte> utf8 = stackalloc byte[4];
                var count = 0;
                foreach (var rune in text.EnumerateRunes())
                    for (int i = 0, length = rune.EncodeToUtf8(utf8); i < length; i++) characters[count++] = ByteAlphabet.CharacterOf(utf8[i]);
            }),
        };
        return piece.Origins.IsEmpty ? written : written with { Origins = OriginsOfBytes(piece) };
    }

    static Offsets[] OriginsOfBytes(Piece piece)
    {
        List<Offsets> origins = [];
        var at = 0;
        foreach (var rune in piece.Text.EnumerateRunes())
        {
            var character = Offsets.Covering(piece.Origins.Span.Slice(at, rune.Utf16SequenceLength));
            origins.AddRange(Enumerable.Repeat(character, rune.Utf8SequenceLength));
            at += rune.Utf16SequenceLength;
        }

        return [.. origins];
    }
}

/// <summary>When <see cref="MetaspacePreTokenizer"/> puts its mark before text that does not begin with it.</summary>
enum PrependScheme
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>Only at the beginning of the input.</summary>
    First,

    /// <summary>Also after every added token.</summary>
    Always,
}

/// <summary>SentencePiece's blanks: every space becomes a mark (▁), one is prepended by the scheme, and the text is split before each mark if asked.</summary>
sealed class MetaspacePreTokenizer(string mark, PrependScheme scheme, bool split) : PreTokenizer
{
    readonly SplitPreTokenizer splitter = new(new LiteralPattern(mark), SplitBehavior.MergedWithNext, invert: false);

    public override bool MindsBeginning => scheme == PrependScheme.First;

    protected internal override IEnumerable<Piece> Split(Piece piece) => split ? splitter.Split(Rewrite(piece)) : [Rewrite(piece)];

    protected internal override Piece Rewrite(Piece piece)
    {
        var marked = piece with { Text = piece.Text.Replace(" ", mark, StringComparison.Ordinal) };
        if (marked.Text.Length != piece.Text.Length && !piece.Origins.IsEmpty)   // a mark beyond the BMP takes two units
        {
            var origins = piece.Text.SelectMany((c, i) => Enumerable.Repeat(piece.Origins.Span[i], c == ' ' ? mark.Length : 1));
            marked = marked with { Origins = origins.ToArray() };
        }


        var prepends = scheme == PrependScheme.Always || scheme == PrependScheme.First && piece.IsFirst;
        return prepends && !marked.Text.StartsWith(mark, StringComparison.Ordinal) ? marked.After(mark) : marked;
    }
}

/// <summary>Reads the <c>pre_tokenizer</c> of a tokenizer.json.</summary>
static class PreTokenizerReader
{
    public static PreTokenizer Read(JsonSection section)
    {
        PreTokenizer preTokenizer = section.Text("type") switch
        {
            "Sequence" => new SequencePreTokenizer([.. section.Objects("pretokenizers").Select(Read)]),
            "Split" => new SplitPreTokenizer(TextPattern.Read(section).Pattern, Behavior(section), section.Flag("invert")),
            "ByteLevel" => ByteLevel(section),
            "Metaspace" => Metaspace(section),
            var other => throw section.Unsupported($"the pre-tokenizer {other}", "Sequence, Split, ByteLevel, Metaspace"),
        };
        section.End();
        return preTokenizer;
    }

    static SplitBehavior Behavior(JsonSection section) => section.Text("behavior") switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var other => throw section.Unsupported($"\"{other}\"", string.Join(", ", Enum.GetNames<SplitBehavior>()), "behavior"),
    };

    static ByteLevelPreTokenizer ByteLevel(JsonSection section)
    {
        section.Flag("trim_offsets");   // concerns the reference's offsets, which count in the text as given
        return new(section.Flag("add_prefix_space"), section.OptionalFlag("use_regex") ?? true);
    }

    static MetaspacePreTokenizer Metaspace(JsonSection section)
    {
        var (mark, scheme) = MetaspaceSettings(section);
        return new(mark, scheme, section.OptionalFlag("split") ?? true);
    }

    /// <summary>The settings that the pre-tokenizer and the decoder of this name share, with the older files' add_prefix_space.</summary>
    public static (string Mark, PrependScheme Scheme) MetaspaceSettings(JsonSection section)
    {
        var scheme = section.OptionalText("prepend_scheme") switch
        {
            "always" or null => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            var other => throw section.Unsupported($"\"{other}\"", "always, first, never", "prepend_scheme"),
        };
        if (section.OptionalFlag("add_prefix_space") == false && scheme != PrependScheme.Never)
            throw section.Error(
                "add_prefix_space is false, which contradicts prepend_scheme (\"always\" where it is not given); the reference refuses this too.",
                "add_prefix_space");
        section.OptionalText("str_rep");   // older files repeat the replacement under this name
        return (char.ConvertFromUtf32(section.Character("replacement")), scheme);
    }
}
