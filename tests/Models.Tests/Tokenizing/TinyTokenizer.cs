using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Models.Tokenizing;
using Vrp.Models.Tokenizing.Json;

namespace Vrp.Models.Tests.Tokenizing;

/// <summary>Small tokenizer.json files, whole or by part, to vary one thing at a time.</summary>
static class TinyTokenizer
{
    /// <summary>Letters a to f, space, ▁, &lt;unk&gt; and the merges ab, abc, de.</summary>
    public const string Model = """
        {"type": "BPE", "unk_token": "<unk>",
         "vocab": {"<unk>": 0, "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, " ": 7, "▁": 8, "ab": 9, "abc": 10, "de": 11},
         "merges": ["a b", "ab c", "d e"]}
        """;

    public static JsonObject Json(string model = Model, string added = "[]", string normalizer = "null", string preTokenizer = "null",
        string postProcessor = "null", string decoder = """{"type": "Fuse"}""") => new()
    {
        ["version"] = "1.0", ["truncation"] = null, ["padding"] = null, ["added_tokens"] = JsonNode.Parse(added), ["normalizer"] = JsonNode.Parse(normalizer),
        ["pre_tokenizer"] = JsonNode.Parse(preTokenizer), ["post_processor"] = JsonNode.Parse(postProcessor), ["decoder"] = JsonNode.Parse(decoder),
        ["model"] = JsonNode.Parse(model),
    };

    public static HuggingFaceTokenizer Read(this JsonObject json) => HuggingFaceTokenizer.FromJson(json.ToJsonString());

    /// <summary>One entry of added_tokens; ids count on from the model's 12 pieces.</summary>
    public static string Added(string content, int id = 12, bool single = false, bool left = false, bool right = false, bool normalized = false,
        bool special = false) =>
        JsonSerializer.Serialize(new { id, content, single_word = single, lstrip = left, rstrip = right, normalized, special });

    /// <summary>The ids of a text as the tokens' own texts with | between them.</summary>
    public static string Tokens(this HuggingFaceTokenizer tokenizer, string text, bool addSpecialTokens = false) =>
        string.Join('|', tokenizer.Encode(text, addSpecialTokens).Select(tokenizer.IdToToken));

    /// <summary>A part of a file as its reader sees it.</summary>
    public static JsonSection Section(string json) => new(JsonDocument.Parse(json).RootElement, "test.json", "$");
}
