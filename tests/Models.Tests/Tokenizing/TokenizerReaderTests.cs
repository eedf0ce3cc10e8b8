using System.Text.Json.Nodes;
using Vrp.Models.Tokenizing;
using static Vrp.Models.Tests.Tokenizing.TinyTokenizer;

namespace Vrp.Models.Tests.Tokenizing;

/// <summary>What a tokenizer.json may not hold, each refused with its place and name.</summary>
public class TokenizerReaderTests
{
    static void Refused(JsonObject json, string place, string because) => Refused(json.ToJsonString(), place, because);

    static void Refused(string json, string place, string because) =>
        FluentActions.Invoking(() => HuggingFaceTokenizer.FromJson(json)).Should().Throw<TokenizerException>()
            .WithMessage($"tokenizer.json, {place}: *{because}*");

    [Theory]
    [InlineData("truncation", """{"max_length": 5}""", "$.truncation", "truncation is set")]
    [InlineData("padding", """{"strategy": "BatchLongest"}""", "$.padding", "padding is set")]
    [InlineData("version", "\"2.0\"", "$.version", "version")]
    [InlineData("normalizer", """{"type": "Lowercase"}""", "$.normalizer", "Lowercase")]
    [InlineData("normalizer", """{"type": "Sequence", "normalizers": [{"type": "NFKC"}]}""", "$.normalizer.normalizers?0?", "NFKC")]
    [InlineData("normalizer", """{"type": "Prepend"}""", "$.normalizer.prepend", "missing")]
    [InlineData("normalizer", """{"type": "Prepend", "prepend": 3}""", "$.normalizer.prepend", "expected a string, got 3")]
    [InlineData("normalizer", """{"type": "NFC", "form": "x"}""", "$.normalizer.form", "unknown")]
    [InlineData("normalizer", """{"type": "Replace", "pattern": {"String": ""}, "content": "x"}""", "$.normalizer.pattern", "empty")]
    [InlineData("normalizer", """{"type": "Replace", "pattern": {}, "content": "x"}""", "$.normalizer.pattern", "either String or Regex")]
    [InlineData("normalizer", "[]", "$.normalizer", "expected an object")]
    [InlineData("pre_tokenizer", """{"type": "Whitespace"}""", "$.pre_tokenizer", "Whitespace")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "\\b"}, "behavior": "Isolated", "invert": false}""",
        "$.pre_tokenizer.pattern.Regex", "\\b")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"String": "a"}, "behavior": "Sideways", "invert": false}""",
        "$.pre_tokenizer.behavior", "Sideways")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace", "replacement": "__", "prepend_scheme": "first"}""", "$.pre_tokenizer.replacement", "one character")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace", "replacement": "_", "prepend_scheme": "last"}""", "$.pre_tokenizer.prepend_scheme", "last")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace", "replacement": "_", "add_prefix_space": false}""", "$.pre_tokenizer.add_prefix_space", "contradicts")]
    [InlineData("post_processor", """{"type": "BertProcessing"}""", "$.post_processor", "BertProcessing")]
    [InlineData("post_processor",
        """{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}], "pair": [], "special_tokens": {}}""",
        "$.post_processor.single?0?.SpecialToken.id", "<s>")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [{"Sequence": {"id": "B", "type_id": 0}}], "pair": [], "special_tokens": {}}""",
        "$.post_processor.single?0?.Sequence.id", "got B")]
    [InlineData("decoder", """{"type": "WordPiece"}""", "$.decoder", "WordPiece")]
    [InlineData("decoder", """{"type": "Strip", "content": " ", "start": -1, "stop": 0}""", "$.decoder.start", "from 0")]
    [InlineData("added_tokens", "{}", "$.added_tokens", "list")]
    [InlineData("added_tokens", """[{"content": "x"}]""", "$.added_tokens?0?.id", "missing")]
    [InlineData("model", "{}", "$.model", "vocab and merges")]
    [InlineData("model", "[]", "$.model", "object")]
    [InlineData("model", """{"type": "Unigram", "vocab": []}""", "$.model.type", "Unigram")]
    [InlineData("model", """{"type": "BPE", "vocab": [], "merges": []}""", "$.model.vocab", "object")]
    [InlineData("model", """{"type": "BPE", "vocab": {}, "merges": {}}""", "$.model.merges", "list")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": "1"}, "merges": []}""", "$.model.vocab", "\"a\"")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": -1}, "merges": []}""", "$.model.vocab", "\"a\"")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 999999999}, "merges": []}""", "$.model.vocab", "\"a\"")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}""", "$.model.vocab", "same id")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b", "a c"]}""", "$.model.merges?1?", "\"c\"")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": [["a", "b"]]}""", "$.model.merges?0?", "\"ab\"")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": ["a"]}""", "$.model.merges?0?", "one space")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": ["a a a"]}""", "$.model.merges?0?", "one space")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": [["a"]]}""", "$.model.merges?0?", "one piece")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "a", "a"]]}""", "$.model.merges?0?", "more than two")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": [7]}""", "$.model.merges?0?", "expected")]
    [InlineData("model", """{"type": "BPE", "dropout": 0.1, "vocab": {}, "merges": []}""", "$.model.dropout", "0.1")]
    [InlineData("model", """{"type": "BPE", "continuing_subword_prefix": "##", "vocab": {}, "merges": []}""", "$.model.continuing_subword_prefix", "##")]
    [InlineData("model", """{"type": "BPE", "end_of_word_suffix": "</w>", "vocab": {}, "merges": []}""", "$.model.end_of_word_suffix", "</w>")]
    [InlineData("model", """{"type": "BPE", "unk_token": "?", "vocab": {}, "merges": []}""", "$.model.unk_token", "not in the vocabulary")]
    [InlineData("model", """{"type": "BPE", "byte_fallback": "yes", "vocab": {}, "merges": []}""", "$.model.byte_fallback", "true or false")]
    [InlineData("model", """{"type": "BPE", "novelty": 1, "vocab": {}, "merges": []}""", "$.model.novelty", "unknown")]
    public void FromJson_UnsupportedOrMalformedPart_IsRefusedByPlaceAndName(string key, string value, string place, string because)
    {
        var json = Json();
        json[key] = JsonNode.Parse(value);
        Refused(json, place, because);
    }

    [Fact]
    public void FromJson_UnknownKey_IsRefused()
    {
        var json = Json();
        json["novelty"] = 1;
        Refused(json, "$", "novelty");
    }

    [Theory]
    [InlineData("version")]
    [InlineData("model")]
    public void FromJson_MissingKey_IsRefused(string key)
    {
        var json = Json();
        json.Remove(key);
        Refused(json, "$", key);
    }

    [Fact]
    public void FromJson_AddedTokenWithAnotherId_IsRefused() => Refused(Json(added: $"[{Added("<x>", id: 40)}]"), "$.added_tokens?0?.id", "40*12");

    [Fact]
    public void FromJson_AddedTokenTwice_IsRefused() => Refused(Json(added: $"[{Added("<x>")}, {Added("<x>")}]"), "$.added_tokens?1?.content", "twice");

    [Fact]
    public void FromJson_EmptyAddedToken_IsRefused() => Refused(Json(added: $"[{Added("")}]"), "$.added_tokens?0?.content", "empty");

    [Fact]
    public void FromJson_MetaspaceFirstAfterPrepend_IsRefused() =>
        Refused(Json(normalizer: """{"type": "Prepend", "prepend": "▁"}""",
            preTokenizer: """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first"}"""), "$.pre_tokenizer", "first");

    [Fact]
    public void FromJson_PieceTwice_IsRefused() =>
        Refused(Json().ToJsonString().Replace("\"f\":6", "\"e\":6", StringComparison.Ordinal), "$.model.vocab", "twice");

    [Theory]
    [InlineData("\"f\":6", "\"\\ud800\":6")]                              // in a piece
    [InlineData("\"truncation\"", "\"\\uDC00\"")]                         // in a key
    [InlineData("\"Fuse\"", "\"\\ud83dx\"")]                              // in a setting
    [InlineData("\"Fuse\"", "\"\\ud83d\\ud83d\"")]
    [InlineData("\"Fuse\"", "\"\\ude00\\ud83d\"")]
    public void FromJson_EscapedHalfOfAPair_IsRefused(string from, string to) =>
        Refused(Json().ToJsonString().Replace(from, to, StringComparison.Ordinal), "$", "half of a surrogate pair");

    [Fact]
    public void FromJson_EscapedPairsAndBackslashes_AreRead()
    {
        var json = Json().ToJsonString().Replace("\"f\":6", "\"\\ud83d\\ude00\":6,\"\\\\ud800\":12", StringComparison.Ordinal);
        var tokenizer = HuggingFaceTokenizer.FromJson(json);
        (tokenizer.TokenToId("😀"), tokenizer.TokenToId(@"\ud800")).Should().Be((6, 12));
    }

    [Fact]
    public void FromJson_HalfOfAPairInTheText_IsRefused() =>
        Refused(Json().ToJsonString().Replace("\"f\":6", "\"\ud800\":6", StringComparison.Ordinal), "$", "half of a surrogate pair");

    [Fact]
    public void Read_BytesThatAreNotUtf8_AreRefused()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(Json().ToJsonString());
        bytes[Array.IndexOf(bytes, (byte)'f')] = 0xFF;
        FluentActions.Invoking(() => TokenizerReader.Read(bytes, "tokenizer.json")).Should().Throw<TokenizerException>()
            .WithMessage("tokenizer.json, $: *not UTF-8*");
    }

    [Fact]
    public void Read_ByteOrderMark_IsNoPartOfTheFile() =>
        TokenizerReader.Read((byte[])[0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(Json().ToJsonString())], "tokenizer.json").TokenToId("abc")
            .Should().Be(10);

    [Theory]
    [InlineData("\"version\":\"1.0\"", "\"version\":\"1.0\",\"version\":\"1.0\"", "$", "version")]
    [InlineData("\"type\":\"Fuse\"", "\"type\":\"Fuse\",\"type\":\"Fuse\"", "$.decoder", "type")]
    [InlineData("\"type\":\"BPE\"", "\"type\":\"BPE\",\"type\":\"BPE\"", "$.model", "type")]
    [InlineData("\"added_tokens\":[]", "\"added_tokens\":[{\"id\":12,\"id\":12}]", "$.added_tokens", "id")]
    public void FromJson_KeyTwice_IsRefused(string from, string to, string place, string key) =>
        Refused(Json().ToJsonString().Replace(from, to, StringComparison.Ordinal), place, key);

    [Fact]
    public void FromJson_NestedTooDeep_IsRefused() =>
        Refused(Json().ToJsonString()
            .Replace("\"truncation\":null", $"\"truncation\":{new string('[', 5_000)}", StringComparison.Ordinal), "$", "not valid JSON");

    [Theory]
    [InlineData("added_tokens", "[null]", "$.added_tokens?0?")]
    [InlineData("version", "null", "$.version")]
    [InlineData("model", "null", "$.model")]
    [InlineData("model", """{"type": "BPE", "vocab": null, "merges": []}""", "$.model.vocab")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": null}, "merges": []}""", "$.model.vocab")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": [null]}""", "$.model.merges?0?")]
    [InlineData("normalizer", """{"type": null}""", "$.normalizer.type")]
    [InlineData("normalizer", """{"type": "Sequence", "normalizers": [null]}""", "$.normalizer.normalizers?0?")]
    [InlineData("normalizer", """{"type": "Replace", "pattern": null, "content": "x"}""", "$.normalizer.pattern")]
    [InlineData("decoder", """{"type": "Sequence", "decoders": null}""", "$.decoder.decoders")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [null], "pair": [], "special_tokens": {}}""", "$.post_processor.single?0?")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [], "pair": [], "special_tokens": {"S": null}}""",
        "$.post_processor.special_tokens*")]
    public void FromJson_NullWhereAValueIsNeeded_IsRefused(string key, string value, string place)
    {
        var json = Json();
        json[key] = JsonNode.Parse(value);
        Refused(json, place, "expected");
    }

    [Fact]
    public void FromJson_TwoAddedTokensWithOneId_AreRefused()
    {
        // The vocabulary leaves out 6, so that the first token it lacks takes 12, which is the second one's.
        var model = Model.Replace("\"f\": 6", "\"f\": 12", StringComparison.Ordinal);
        Refused(Json(model, added: $"[{Added("<x>", 12)}, {Added("f", 12)}]"), "$.added_tokens?1?.id", "<x> and f have the same id 12");
    }

    [Fact]
    public void FromJson_AddedTokenAfterTheLargestId_CountsOnFromIt()
    {
        var model = Model.Replace("\"f\": 6", "\"f\": 12", StringComparison.Ordinal);
        Json(model, added: $"[{Added("f", 12)}, {Added("<x>", 13)}]").Read().TokenToId("<x>").Should().Be(13);
    }

    [Theory, MemberData(nameof(Goldens.Tokenizers), MemberType = typeof(Goldens))]
    public void FromJson_FileCutAnywhere_IsOneTypedError(string name)
    {
        var json = File.ReadAllText(Goldens.At("tokenizers", name, "tokenizer.json")).TrimEnd();
        for (var length = 0; length < json.Length; length += Math.Max(1, json.Length / 97)) Refused(json[..length], "$", "not valid JSON");
    }

    [Fact]
    public void FromJson_SomethingAfterTheEnd_IsRefused() => Refused(Json().ToJsonString() + "x", "$", "not valid JSON");

    [Fact]
    public void Load_MissingFile_SaysSo() =>
        FluentActions.Invoking(() => HuggingFaceTokenizer.Load(Path.Combine(Path.GetTempPath(), "no-such-folder", "tokenizer.json"))).Should()
            .Throw<TokenizerException>().WithMessage("*no-such-folder*cannot be read*");

    [Fact]
    public void FromJson_Template_AddsItsTokensOnlyWhenAsked()
    {
        var tokenizer = Json(postProcessor: """
            {"type": "Sequence", "processors": [{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true}, {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "S", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "E", "type_id": 0}}],
             "pair": [],
             "special_tokens": {"S": {"id": "S", "ids": [4, 5], "tokens": ["d", "e"]}, "E": {"id": "E", "ids": [6], "tokens": ["f"]}}}]}
            """).Read();

        tokenizer.Encode("a").Should().Equal(4, 5, 1, 6);
        tokenizer.Encode("").Should().Equal(4, 5, 6);
        tokenizer.Encode("a", addSpecialTokens: false).Should().Equal(1);
    }
}
