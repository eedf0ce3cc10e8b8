using System.Text.Json;
using Vrp.Models.Processing.Tokenizers.Bpe;
using Vrp.Models.Processing.Tokenizers.Decoders;
using Vrp.Models.Processing.Tokenizers.Json;
using Vrp.Models.Processing.Tokenizers.Normalizers;
using Vrp.Models.Processing.Tokenizers.PostProcessors;
using Vrp.Models.Processing.Tokenizers.PreTokenizers;

namespace Vrp.Models.Processing.Tokenizers;

/// <summary>Reads a tokenizer.json (huggingface/tokenizers, serialization version 1.0). Whatever it holds is either followed or refused by name.</summary>
static class TokenizerReader
{
    public static Tokenizer Read(ReadOnlyMemory<byte> json, string source)
    {
        var root = new JsonRange(json, 0, json.Length, source, "$");
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
            throw preTokenizerSection!.Unsupported("Metaspace with prepend_scheme \"first\" after a normalizer that moves characters", "the schemes always and never there, or no normalizer");
        var postProcessors = Optional("post_processor") is { } p ? PostProcessorReader.Read(p) : [];
        var decoder = Optional("decoder") is { } d ? DecoderReader.Read(d) : next => new SpaceStage(next);
        var model = BpeReader.Read(Part("model"));
        var added = new AddedVocabulary(ReadAddedTokens(members.Remove("added_tokens", out var tokens) ? tokens : null, model, normalizer), normalizer);
        if (members.Keys.FirstOrDefault() is { } unknown) throw root.Error($"the key {unknown} is unknown here and would be ignored; it is not supported.");
        return new(model, added, preTokenizer, postProcessors, decoder);
    }

    static List<(string, AddedToken)> ReadAddedTokens(JsonRange? range, BpeModel model, INormalizer? normalizer)
    {
        var tokens = new List<(string, AddedToken)>();
        if (range is not { } list || list.Element() is not { ValueKind: not JsonValueKind.Null } elements) return tokens;
        if (elements.ValueKind != JsonValueKind.Array) throw list.Error("expected a list.");

        var seen = new HashSet<string>();
        var next = model.Vocabulary.Count;   // ids of tokens that the vocabulary lacks count on from its size
        foreach (var (element, i) in elements.EnumerateArray().Select((element, i) => (element, i)))
        {
            var section = new JsonSection(element, list.Source, $"{list.Place}[{i}]");
            var token = new AddedToken(section.Text("content"), section.Whole("id"), section.Flag("single_word"), section.Flag("lstrip"), section.Flag("rstrip"), section.Flag("normalized"), section.Flag("special"));
            section.End();
            if (token.Content.Length == 0) throw section.Error("the token is empty.", "content");
            if (!seen.Add(token.Content)) throw section.Error($"the token {token.Content} is listed twice.", "content");

            var expected = model.Vocabulary.IdOf(token.Content);
            if (expected < 0) expected = next++;
            if (token.Id != expected)
                throw section.Error($"the token {token.Content} is said to have id {token.Id}, but by its place among vocabulary and added tokens it has {expected}, which is what the reference would use. The file contradicts itself; save it again with tokenizers.", "id");

            var text = token.Normalized ? normalizer?.Normalize(token.Content) ?? token.Content : token.Content;
            tokens.Add((text.Length > 0 ? text : throw section.Error($"the token {token.Content} is empty once normalized.", "content"), token));
        }

        return tokens;
    }
}
