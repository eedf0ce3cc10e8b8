using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;
using Vrp.Models.Storage;
using Vrp.Models.Tokenizing.Bpe;
using Vrp.Models.Tokenizing.Unicode;

namespace Vrp.Models.Tokenizing;

/// <summary>Text to ids and back, as the tokenizer.json of a checkpoint says (huggingface/tokenizers 0.22): added tokens are cut out, the rest is
/// normalized, split, and encoded by byte-pair merges. Immutable; may be used from several threads at once.</summary>
/// <remarks>
/// As a <see cref="Tokenizer"/> of Microsoft.ML.Tokenizers it gives the ids of <see cref="Encode"/> with the file's special tokens, which count like any other,
/// and the text of <see cref="Decode(ReadOnlySpan{int}, bool)"/> with them.
/// <list type="bullet">
/// <item><c>considerNormalization: false</c> takes the text as normalized already: the file's normalizer is left out. Added tokens are
/// found all the same, those that the file has searched in normalized text in their normalized form.</item>
/// <item><c>considerPreTokenization: false</c> cuts nothing between added tokens. What the file's pre-tokenizer rewrites (bytes, marks for spaces) it still
/// rewrites, since the vocabulary is written in it.</item>
/// <item>Offsets count UTF-16 units of the normalized text (of the text itself without a normalizer or with <c>considerNormalization: false</c>). A token that
/// holds some bytes of a character covers all of the character, so neighbours may overlap; what the file itself adds has an empty range.</item>
/// <item>A token limit never cuts a character in two: tokens that share one are kept or left out together, so there may be fewer than asked for.</item>
/// <item><see cref="Tokenizer.Normalizer"/> and <see cref="Tokenizer.PreTokenizer"/> stay null: the file's pipeline works between added tokens and rewrites
/// text, which neither of these types can express.</item>
/// </list>
///</remarks>
public sealed class HuggingFaceTokenizer : Tokenizer
{
    readonly record struct Token(int Id, Offsets At);

    static readonly EncodeSettings asTheFileSays = new() { ConsiderNormalization = true, ConsiderPreTokenization = true };

    readonly BpeModel model;
    readonly AddedVocabulary added;
    readonly PreTokenizer? preTokenizer;
    readonly IReadOnlyList<TemplatePostProcessor> postProcessors;
    readonly Func<TokenSink, TokenSink> decoder;

    internal HuggingFaceTokenizer(BpeModel model, AddedVocabulary added, PreTokenizer? preTokenizer, IReadOnlyList<TemplatePostProcessor> postProcessors,
        Func<TokenSink, TokenSink> decoder)
    {
        (this.model, this.added, this.preTokenizer, this.postProcessors, this.decoder) = (model, added, preTokenizer, postProcessors, decoder);
        VocabularySize = model.Vocabulary.Count + added.Tokens.Count(token => model.Vocabulary.IdOf(token.Content) < 0);
    }

    /// <summary>How many tokens there are, added ones included. A model's embedding may have more rows.</summary>
    public int VocabularySize { get; }

    internal BpeModel Model => model;

    /// <summary>Reads a tokenizer.json, or that of a folder.</summary>
    /// <exception cref="TokenizerException">The file is missing, malformed, or holds something that is not supported; the message says what and
    /// where.</exception>
    public static HuggingFaceTokenizer Load(string path)
    {
        if (Directory.Exists(path)) path = Path.Combine(path, "tokenizer.json");
        byte[] json;
        try
        {
            json = FileDoor.ReadAllBytes(path);
        }
        catch (FileException e)
        {
            throw new TokenizerException(path, "$", $"{e.Problem} A checkpoint needs its tokenizer.json (a tokenizer.model alone is not supported).", e);
        }

        return TokenizerReader.Read(json, path);
    }

    /// <summary>Reads the text of a tokenizer.json.</summary>
    /// <exception cref="TokenizerException">As for <see cref="Load"/>.</exception>
    public static HuggingFaceTokenizer FromJson(string json) => TokenizerReader.Read(json, "tokenizer.json");

    /// <summary>The ids of a text. A lone surrogate, which no UTF-8 text holds, is read as U+FFFD.</summary>
    /// <param name="text">Any text; added tokens written in it become their ids.</param>
    /// <param name="addSpecialTokens">Whether the file's template adds its tokens (such as a leading <c>&lt;s&gt;</c>).</param>
    /// <exception cref="TokenizerException">A pattern of the file takes too long on this text.</exception>
    public int[] Encode(string text, bool addSpecialTokens = true) => [.. Ids(text, addSpecialTokens, asTheFileSays)];

    /// <summary>The text of ids. Ids without a token are left out, as in the reference; nothing is cleaned up (clean_up_tokenization_spaces false).</summary>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false)
    {
        var stream = new StreamingDecoder(this, skipSpecialTokens);
        var text = new StringBuilder();
        foreach (var id in ids) text.Append(stream.Add(id));
        return text.Append(stream.Finish()).ToString();
    }

    /// <summary>The id of a token as it stands in the file (▁the, Ġthe, &lt;image&gt;), or null.</summary>
    public int? TokenToId(string token) => added.Find(token)?.Id ?? (model.Vocabulary.IdOf(token) is >= 0 and var id ? id : null);

    /// <summary>The token of an id as it stands in the file, or null.</summary>
    public string? IdToToken(int id) => added.Find(id)?.Content ?? model.Vocabulary.PieceOf(id);

    /// <summary>Whether decoding leaves this id out when it skips special tokens.</summary>
    public bool IsSpecial(int id) => added.Find(id) is { Special: true };

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids) => Decode([.. ids]);

    /// <summary>The text of ids, as far as it fits. Where it does not, what is written is the text of the ids that are counted as consumed.</summary>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        (idsConsumed, charsWritten) = (0, 0);
        var stream = new StreamingDecoder(this);
        int taken = 0, written = 0;
        foreach (var id in ids)
        {
            if (!Fits(stream.Add(id), destination)) return OperationStatus.DestinationTooSmall;
            taken++;
            if (!stream.HoldsText) (idsConsumed, charsWritten) = (taken, written);
        }

        if (!Fits(stream.Finish(), destination)) return OperationStatus.DestinationTooSmall;
        (idsConsumed, charsWritten) = (taken, written);
        return OperationStatus.Done;

        bool Fits(string text, Span<char> to)
        {
            if (!text.AsSpan().TryCopyTo(to[written..])) return false;
            written += text.Length;
            return true;
        }
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var (tokens, textLength, normalizedText) = Tokens(text ?? textSpan.ToString(), settings);
        var count = CountWithin(tokens, settings.MaxTokenCount);
        return new()
        {
            Tokens = [.. tokens.Take(count).Select(token => new EncodedToken(token.Id, IdToToken(token.Id) ?? "", token.At.Start..token.At.End))],
            NormalizedText = normalizedText,
            CharsConsumed = EndOf(tokens, count, textLength),
        };
    }

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var whole = text ?? textSpan.ToString();
        if (settings.MaxTokenCount == int.MaxValue) return new() { Tokens = Ids(whole, addSpecialTokens: true, settings), CharsConsumed = whole.Length };
        var (tokens, textLength, normalizedText) = Tokens(whole, settings);
        var count = CountWithin(tokens, settings.MaxTokenCount);
        return new()
        {
            Tokens = [.. tokens.Take(count).Select(token => token.Id)],
            NormalizedText = normalizedText,
            CharsConsumed = EndOf(tokens, count, textLength),
        };
    }

    /// <inheritdoc/>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        EncodeToIds(text, textSpan, settings).Tokens.Count;

    /// <inheritdoc/>
    protected override int GetIndexByTokenCount(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd,
        out string? normalizedText, out int tokenCount)
    {
        (var tokens, var textLength, normalizedText) = Tokens(text ?? textSpan.ToString(), settings);
        if (!fromEnd)
        {
            tokenCount = CountWithin(tokens, settings.MaxTokenCount);
            return EndOf(tokens, tokenCount, textLength);
        }

        var first = Math.Max(0, tokens.Count - Positive(settings.MaxTokenCount));
        while (!MayCut(tokens, first)) first++;
        tokenCount = tokens.Count - first;
        return first == 0 ? 0 : first == tokens.Count ? textLength : tokens[first].At.Start;
    }

    internal TokenSink OpenDecoder(TokenSink next) => decoder(next);

    /// <summary>The parts of a text that the model encodes one by one, and the added tokens between them.</summary>
    internal IEnumerable<Piece> Pieces(string text, EncodeSettings settings, StringBuilder? normalizedText = null)
    {
        var pieces = added.Split(WellFormed.Of(text), settings.ConsiderNormalization, normalizedText);
        return preTokenizer is null ? pieces : preTokenizer.Apply(pieces, settings.ConsiderPreTokenization);
    }

    List<int> Ids(string text, bool addSpecialTokens, EncodeSettings settings)
    {
        List<int> ids = [];
        var queue = model.NewQueue();
        foreach (var piece in Pieces(text, settings))
            if (piece.IsText) model.Encode(piece.Text, queue, ids);
            else ids.Add(piece.Token);
        return postProcessors.Aggregate(ids, (current, processor) => processor.Process(current, addSpecialTokens ? id => id : null));
    }

    (List<Token> Tokens, int TextLength, string? NormalizedText) Tokens(string text, EncodeSettings settings)
    {
        var normalizedText = new StringBuilder();
        List<Token> tokens = [];
        var (queue, ids, at) = (model.NewQueue(), new List<int>(), new List<Offsets>());
        foreach (var piece in Pieces(text, settings, normalizedText))
        {
            ids.Clear();
            at.Clear();
            if (piece.IsText) model.Encode(piece.Text, queue, ids, at);
            else tokens.Add(new(piece.Token, piece.Origins.Span[0]));
            tokens.AddRange(ids.Zip(at, (id, within) => new Token(id, Offsets.Covering(piece.Origins.Span[within.Start..within.End]))));
        }

        tokens = postProcessors.Aggregate(tokens, (current, processor) => processor.Process(current, id => new(id, Offsets.None)));
        for (int i = 0, end = 0; i < tokens.Count; end = tokens[i++].At.End)
            if (tokens[i].At == Offsets.None) tokens[i] = tokens[i] with { At = new(end, end) };
        return (tokens, normalizedText.Length, settings.ConsiderNormalization && added.HasNormalizer ? normalizedText.ToString() : null);
    }

    static int Positive(int limit) =>
        limit > 0 ? limit : throw new ArgumentOutOfRangeException(nameof(limit), limit, "The largest number of tokens must be at least 1.");

    /// <summary>Whether no character lies on both sides of the cut before this token.</summary>
    static bool MayCut(List<Token> tokens, int before) => before == 0 || before == tokens.Count || tokens[before].At.Start >= tokens[before - 1].At.End;

    static int CountWithin(List<Token> tokens, int limit)
    {
        var count = Math.Min(Positive(limit), tokens.Count);
        while (!MayCut(tokens, count)) count--;
        return count;
    }

    static int EndOf(List<Token> tokens, int count, int textLength) => count == tokens.Count ? textLength : count == 0 ? 0 : tokens[count - 1].At.End;
}
