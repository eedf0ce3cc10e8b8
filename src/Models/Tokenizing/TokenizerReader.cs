using System.Text;
using System.Text.Json;
using Vrp.Models.Tokenizing.Bpe;
using Vrp.Models.Tokenizing.Json;

namespace Vrp.Models.Tokenizing;

/// <summary>A tokenizer.json that cannot be followed exactly: malformed, or holding something that this reader does not support.</summary>
/// <param name="source">The file.</param>
/// <param name="place">Where in it, as a JSON path from <c>$</c>.</param>
/// <param name="problem">What was expected, what was found and what to do.</param>
/// <param name="inner">What it was found by.</param>
public sealed class TokenizerException(string source, string place, string problem, Exception? inner = null)
    : VrpException($"{source}, {place}: {problem}", inner)
{
    /// <summary>Where in the file, as a JSON path from <c>$</c>.</summary>
    public string Place { get; } = place;
}

/// <summary>Reads a tokenizer.json (huggingface/tokenizers, serialization version 1.0). Whatever it holds is either followed or refused by name.</summary>
static class TokenizerReader
{
    static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static HuggingFaceTokenizer Read(string json, string source)
    {
        try
        {
            return Read(strict.GetBytes(json), source);
        }
        catch (EncoderFallbackException e)
        {
            throw new TokenizerException(source, "$",
                $"character {e.Index} is half of a surrogate pair, which no Unicode text holds. Read the file as UTF-8.", e);
        }
    }

    public static HuggingFaceTokenizer Read(ReadOnlyMemory<byte> json, string source)
    {
        var root = JsonRange.Of(json, source);
        var members = root.Members();
        JsonRange Part(string name) => members.Remove(name, out var part) ? part : throw root.Error($"expected the key {name}. Is this a tokenizer.json?");
        JsonSection? Optional(string name) => members.Remove(name, out var part) ? part.Section() : null;

        var version = Part("version");
        if (version.Element() is not { ValueKind: JsonValueKind.String } v || v.GetString() != "1.0") throw version.Error("expected version \"1.0\".");
        foreach (var name in new[] { "truncation", "padding" })
            if (Optional(name) is { } set) throw set.Error($"{name} is set in the file, which is not supported: texts are encoded whole. Set it to null.");

        var normalizer = Optional("normalizer") is { } n ? NormalizerReader.Read(n) : null;
        var preTokenizerSection = Optional("pre_tokenizer");
        var preTokenizer = preTokenizerSection is null ? null : PreTokenizerReader.Read(preTokenizerSection);
        // The reference asks where in the original text a piece begins; its answer after such a normalizer follows from alignments that are not kept here.
        if (preTokenizer is { MindsBeginning: true } && normalizer is { KeepsPositions: false })
            throw preTokenizerSection!.Unsupported(
                "Metaspace with prepend_scheme \"first\" after a normalizer that moves characters", "the schemes always and never there, or no normalizer");
        var postProcessors = Optional("post_processor") is { } p ? PostProcessorReader.Read(p) : [];
        var decoder = Optional("decoder") is { } d ? DecoderReader.Read(d) : next => new SpaceStage(next);
        var model = BpeReader.Read(Part("model"));
        var tokens = ReadAddedTokens(members.Remove("added_tokens", out var list) ? list : null, model.Vocabulary, normalizer);
        if (members.Keys.FirstOrDefault() is { } unknown) throw root.Error($"the key {unknown} is unknown here and would be ignored; it is not supported.");
        return new(model, new(tokens, normalizer), preTokenizer, postProcessors, decoder);
    }

    static List<(string, AddedToken)> ReadAddedTokens(JsonRange? range, Vocabulary vocabulary, INormalizer? normalizer)
    {
        var tokens = new List<(string, AddedToken)>();
        if (range is not { } list || list.Element() is not { ValueKind: not JsonValueKind.Null } elements) return tokens;
        if (elements.ValueKind != JsonValueKind.Array) throw list.Error("expected a list.");

        var (ids, contents) = (new Dictionary<string, int>(), new Dictionary<int, string>());
        var next = vocabulary.Count;   // of a token that the vocabulary lacks: its size, or one more than the largest added id from there on
        foreach (var (element, i) in elements.EnumerateArray().Select((element, i) => (element, i)))
        {
            var section = new JsonSection(element, list.Source, $"{list.Place}[{i}]");
            var token = new AddedToken(section.Text("content"), section.Whole("id"), section.Flag("single_word"), section.Flag("lstrip"),
                section.Flag("rstrip"), section.Flag("normalized"), section.Flag("special"));
            section.End();
            if (token.Content.Length == 0) throw section.Error("the token is empty.", "content");
            if (!ids.TryAdd(token.Content, token.Id)) throw section.Error($"the token {token.Content} is listed twice.", "content");

            var expected = vocabulary.IdOf(token.Content) is >= 0 and var piece ? piece : next;
            if (token.Id != expected)
                throw section.Error($"the token {token.Content} is said to have id {token.Id}, but by its place among vocabulary and added tokens "
                    + $"it has {expected}, which is what the reference would use. The file contradicts itself; save it again with tokenizers.", "id");
            if (!contents.TryAdd(token.Id, token.Content))
                throw section.Error($"the tokens {contents[token.Id]} and {token.Content} have the same id {token.Id}, so that it could not be decoded. "
                    + "The vocabulary leaves ids out; save it again with tokenizers.", "id");
            next = Math.Max(next, token.Id + 1);

            var text = token.Normalized ? normalizer?.Normalize(token.Content) ?? token.Content : token.Content;
            tokens.Add((text.Length > 0 ? text : throw section.Error($"the token {token.Content} is empty once normalized.", "content"), token));
        }

        return tokens;
    }
}
