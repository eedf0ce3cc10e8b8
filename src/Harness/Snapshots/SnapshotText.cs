using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Snapshots;

/// <summary>How snapshots are written: JSON with sorted keys, one entry of the long object a line, '\n', no time and no path in it. The same content gives the
/// same bytes everywhere.</summary>
static class SnapshotText
{
    /// <summary>Raised when the form of the files changes.</summary>
    public const int Schema = 2;

    static readonly JsonSerializerOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Top-level fields a line each; a field given as lines becomes an object with one entry a line.</summary>
    public static string Of(IReadOnlyDictionary<string, JsonNode?> fields, string longField, IEnumerable<KeyValuePair<string, JsonNode?>> entries)
    {
        var lines = entries.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"    {Quoted(pair.Key)}: {Line(pair.Value)}").ToArray();
        var parts = fields.Append(new("schema", Schema)).Select(pair => (pair.Key, Text: Line(pair.Value)))
            .Append((Key: longField, Text: lines.Length == 0 ? "{}" : $"{{\n{string.Join(",\n", lines)}\n  }}"))
            .OrderBy(part => part.Key, StringComparer.Ordinal);
        return $"{{\n{string.Join(",\n", parts.Select(part => $"  {Quoted(part.Key)}: {part.Text}"))}\n}}\n";
    }

    /// <summary>An object whose keys are sorted; what is null is left out.</summary>
    public static JsonObject Sorted(params IEnumerable<(string Key, JsonNode? Value)> fields) =>
        new(fields.Where(field => field.Value is not null).OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, field.Value)));

    /// <summary>Reads one back.</summary>
    /// <exception cref="SnapshotException">Not a snapshot of this schema; the message does not name the file.</exception>
    public static T Read<T>(string text, Func<JsonNode, T> read)
    {
        try
        {
            var root = JsonText.Node(Encoding.UTF8.GetBytes(text), "it")!;
            var schema = (int)root["schema"]!;
            return schema == Schema ? read(root) :
                throw new SnapshotException($"has schema {schema}, expected {Schema}: it was written by another version. "
                    + "Delete it, run the specs and accept it again.");
        }
        catch (Exception error) when (error is JsonTextException or InvalidOperationException or NullReferenceException or FormatException or ArgumentException)
        {
            throw new SnapshotException($"is not a snapshot ({error.Message.Split('\n')[0]}). "
                + "An unfinished merge? Take it from git again, or accept the received file.", error);
        }
    }

    /// <summary>A text that must be there.</summary>
    /// <exception cref="FormatException">It is null or something else.</exception>
    public static string Word(JsonNode? node, string name) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : throw new FormatException($"\"{name}\" is no text");

    /// <summary>UTF-8 without a mark, whole or not at all.</summary>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.WriteText(path, text);
    }

    static string Line(JsonNode? node) => node is null ? "null" : node.ToJsonString(options);

    static string Quoted(string text) => JsonSerializer.Serialize(text, options);
}

/// <summary>A snapshot that cannot be made, read or accepted, or, by <see cref="SnapshotResult.ThrowUnlessEqual"/>, one that differs.</summary>
public sealed class SnapshotException(string message, Exception? inner = null) : VrpException(message, inner);
