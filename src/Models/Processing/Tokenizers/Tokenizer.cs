using System.Text;
using Vrp.Models.Processing.Tokenizers.Bpe;
using Vrp.Models.Processing.Tokenizers.Decoders;
using Vrp.Models.Processing.Tokenizers.PostProcessors;
using Vrp.Models.Processing.Tokenizers.PreTokenizers;
using Vrp.Models.Processing.Tokenizers.Unicode;

namespace Vrp.Models.Processing.Tokenizers;

/// <summary>Text to ids and back, as the tokenizer.json of a checkpoint says (huggingface/tokenizers 0.22): added tokens are cut out, the rest is
/// normalized, split, and encoded by byte-pair merges. Immutable; may be used from several threads at once.</summary>
public sealed class Tokenizer
{
    readonly BpeModel model;
    readonly AddedVocabulary added;
    readonly PreTokenizer? preTokenizer;
    readonly IReadOnlyList<IPostProcessor> postProcessors;
    readonly Func<TokenSink, TokenSink> decoder;

    internal Tokenizer(BpeModel model, AddedVocabulary added, PreTokenizer? preTokenizer, IReadOnlyList<IPostProcessor> postProcessors, Func<TokenSink, TokenSink> decoder)
    {
        (this.model, this.added, this.preTokenizer, this.postProcessors, this.decoder) = (model, added, preTokenizer, postProcessors, decoder);
        VocabularySize = model.Vocabulary.Count + added.Tokens.Count(token => model.Vocabulary.IdOf(token.Content) < 0);
    }

    /// <summary>How many tokens there are, added ones included. A model's embedding may have more rows.</summary>
    public int VocabularySize { get; }

    /// <summary>Reads a tokenizer.json, or that of a folder.</summary>
    /// <exception cref="TokenizerException">The file is missing, malformed, or holds something that is not supported; the message says what and where.</exception>
    public static Tokenizer Load(string path)
    {
        if (Directory.Exists(path)) path = Path.Combine(path, "tokenizer.json");
        byte[] json;
        try
        {
            json = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException(path, "$", $"cannot be read: {e.Message} A checkpoint needs its tokenizer.json (a tokenizer.model alone is not supported).", e);
        }

        return TokenizerReader.Read(json, path);
    }

    /// <summary>Reads the text of a tokenizer.json.</summary>
    /// <exception cref="TokenizerException">As for <see cref="Load"/>.</exception>
    public static Tokenizer FromJson(string json) => TokenizerReader.Read(Encoding.UTF8.GetBytes(json), "tokenizer.json");

    /// <summary>The ids of a text. A lone surrogate, which no UTF-8 text holds, is read as U+FFFD.</summary>
    /// <param name="text">Any text; added tokens written in it become their ids.</param>
    /// <param name="addSpecialTokens">Whether the file's template adds its tokens (such as a leading <c>&lt;s&gt;</c>).</param>
    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        var pieces = added.Split(WellFormed.Of(text));
        if (preTokenizer is not null) pieces = preTokenizer.Split(pieces);

        var ids = new List<int>();
        var queue = model.NewQueue();
        foreach (var piece in pieces)
            if (piece.IsText) model.Encode(piece.Text, queue, ids);
            else ids.Add(piece.Token);
        return [.. postProcessors.Aggregate(ids, (current, processor) => processor.Process(current, addSpecialTokens))];
    }

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

    internal TokenSink OpenDecoder(TokenSink next) => decoder(next);
}
