using System.Buffers;
using System.Text;
using Vrp.Models.Tokenizing.Unicode;

namespace Vrp.Models.Tokenizing;

/// <summary>A token that is found in the text itself, before the model sees it.</summary>
/// <param name="Content">Its text.</param>
/// <param name="Id">Its id.</param>
/// <param name="SingleWord">Only where no letter or digit touches it.</param>
/// <param name="StripsLeft">Takes the whitespace before it.</param>
/// <param name="StripsRight">Takes the whitespace after it.</param>
/// <param name="Normalized">Searched (in its normalized form) in the normalized text rather than in the text as given.</param>
/// <param name="Special">Left out when decoding skips special tokens.</param>
sealed record AddedToken(string Content, int Id, bool SingleWord, bool StripsLeft, bool StripsRight, bool Normalized, bool Special);

/// <summary>The added tokens: those searched in the text as given, then, in what is left and normalized, those searched there.</summary>
sealed class AddedVocabulary
{
    readonly INormalizer? normalizer;
    readonly AddedTokenFinder asGiven, normalized;
    readonly Dictionary<string, AddedToken> byContent;
    readonly Dictionary<int, AddedToken> byId;

    /// <param name="tokens">The tokens, no id twice, with the text that each is searched as.</param>
    /// <param name="normalizer">What is done to the text between the tokens searched as given.</param>
    public AddedVocabulary(IReadOnlyList<(string Text, AddedToken Token)> tokens, INormalizer? normalizer)
    {
        this.normalizer = normalizer;
        asGiven = new([.. tokens.Where(entry => !entry.Token.Normalized)]);
        normalized = new([.. tokens.Where(entry => entry.Token.Normalized)]);
        byContent = tokens.ToDictionary(entry => entry.Token.Content, entry => entry.Token);
        byId = tokens.ToDictionary(entry => entry.Token.Id, entry => entry.Token);
    }

    public IEnumerable<AddedToken> Tokens => byId.Values;

    public bool HasNormalizer => normalizer is not null;

    public AddedToken? Find(string content) => byContent.GetValueOrDefault(content);

    public AddedToken? Find(int id) => byId.GetValueOrDefault(id);

    /// <summary>The input as added tokens and normalized text between them.</summary>
    /// <param name="text">Well-formed text.</param>
    /// <param name="normalizes">Whether the text between tokens is normalized here.</param>
    /// <param name="normalizedText">Where the normalized text with the tokens in it is collected when the pieces shall know where in it they come from.</param>
    public IEnumerable<Piece> Split(string text, bool normalizes = true, StringBuilder? normalizedText = null)
    {
        if (text.Length == 0) yield break;
        var whole = new Piece(text, IsFirst: true) { Origins = normalizedText is null ? default : Offsets.OfEach(0, text.Length) };
        foreach (var given in asGiven.Split(whole))
        {
            if (!given.IsText)
            {
                yield return normalizedText is null ? given
                    : given with { Origins = new[] { Append(text.AsSpan(given.Origins.Span[0].Start..given.Origins.Span[0].End)) } };
                continue;
            }

            var piece = given with { Text = normalizes && normalizer is not null ? normalizer.Normalize(given.Text) : given.Text };
            if (normalizedText is not null) piece = piece with { Origins = Offsets.OfEach(Append(piece.Text).Start, piece.Text.Length) };
            foreach (var part in normalized.Split(piece)) yield return part;
        }

        Offsets Append(ReadOnlySpan<char> part)
        {
            normalizedText.Append(part);
            return new(normalizedText.Length - part.Length, normalizedText.Length);
        }
    }
}

/// <summary>Finds added tokens in text, leftmost and then longest first, by a trie.</summary>
sealed class AddedTokenFinder
{
    readonly Dictionary<(int Node, char Next), int> edges = [];
    readonly List<AddedToken?> endsAt = [null];   // per node; node 0 is the root
    readonly SearchValues<char> firstCharacters;

    /// <param name="tokens">What to find: the text searched for (never empty) and its token.</param>
    public AddedTokenFinder(IReadOnlyList<(string Text, AddedToken Token)> tokens)
    {
        foreach (var (text, token) in tokens)
        {
            var node = 0;
            foreach (var c in text)
            {
                if (!edges.TryGetValue((node, c), out var child))
                {
                    edges[(node, c)] = child = endsAt.Count;
                    endsAt.Add(null);
                }

                node = child;
            }

            endsAt[node] ??= token;
        }

        firstCharacters = SearchValues.Create([.. tokens.Select(token => token.Text[0]).Distinct()]);
    }

    /// <summary>Cuts a piece of text at the tokens in it.</summary>
    public IEnumerable<Piece> Split(Piece piece)
    {
        var text = piece.Text;
        var done = 0;
        for (var from = 0; Find(text, from) is var (start, end, token); from = end)
        {
            if (token.SingleWord && TouchesWord(text, start, end)) continue;
            var (left, right) = (start, end);
            while (token.StripsLeft && left > done && CodePoints.IsWhiteSpace(text[left - 1])) left--;   // not what an earlier token took
            while (token.StripsRight && right < text.Length && CodePoints.IsWhiteSpace(text[right])) right++;
            if (done < left) yield return piece.Slice(done, left);
            yield return piece.As(token.Id, left, right);
            done = right;
        }

        if (done < text.Length) yield return piece.Slice(done, text.Length);
    }

    (int Start, int End, AddedToken Token)? Find(string text, int from)
    {
        while (from < text.Length && text.AsSpan(from).IndexOfAny(firstCharacters) is >= 0 and var skipped)
        {
            var start = from + skipped;
            (int, int, AddedToken)? longest = null;
            for (int node = 0, at = start; at < text.Length && edges.TryGetValue((node, text[at]), out node);)
                if (endsAt[node] is { } token) longest = (start, ++at, token);
                else at++;
            if (longest is not null) return longest;
            from = start + 1;
        }

        return null;
    }

    static bool TouchesWord(string text, int start, int end) =>
        start > 0 && CodePoints.IsWord(WellFormed.CodePointAt(text, WellFormed.Before(text, start), out _))
        || end < text.Length && CodePoints.IsWord(WellFormed.CodePointAt(text, end, out _));
}
