using System.Text.Json.Nodes;

namespace Vrp.Models.Tests.Tokenizing;

/// <summary>The tokenizer.json files at hand.</summary>
public static class TokenizerFiles
{
    /// <summary>Those that came with golden cases.</summary>
    public static IReadOnlyList<string> Goldens { get; } = [.. Tests.Goldens.Folders("tokenizers")
        .Select(name => Tests.Goldens.At("tokenizers", name, "tokenizer.json"))];

    /// <summary>As the rows of a theory: all of the goldens, their models, and the checkpoints beside them.</summary>
    public static IEnumerable<object[]> All()
    {
        string[] folders = [Tests.Goldens.At("tokenizers"), Tests.Goldens.At("models"), Tests.Goldens.At("..", "checkpoints")];
        return folders.Where(Directory.Exists).SelectMany(folder => Directory.GetFiles(folder, "tokenizer.json", SearchOption.AllDirectories))
            .Select(Path.GetFullPath).Order(StringComparer.Ordinal).Select(path => new object[] { path });
    }

    public static bool IsByteLevel(string path) => Read(path)["decoder"]!["type"]!.GetValue<string>() == "ByteLevel";

    public static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;

    /// <summary>The contents of a file's added tokens.</summary>
    public static string[] AddedTokens(JsonNode file) => [.. file["added_tokens"]!.AsArray().Select(token => token!["content"]!.GetValue<string>())];
}
