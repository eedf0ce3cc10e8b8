using System.Text.Json;
using Vrp.Models.Storage;

namespace Vrp.Models.Checkpoints;

/// <summary>Typed reading of one object of a JSON settings file. The family configs read every key through it, with transformers' default as second argument; a
/// key that is absent or null gives that default, a key of another kind is a <see cref="ConfigException"/> naming file and key. A key read without a default is
/// required.</summary>
public sealed class ConfigSection
{
    static readonly JsonElement Empty = JsonSerializer.SerializeToElement(new Dictionary<string, int>());

    readonly string path;

    ConfigSection(JsonElement json, string source, string path) => (Json, Source, this.path) = (json, source, path);

    /// <summary>The object itself, for what has no typed reader here.</summary>
    public JsonElement Json { get; }

    /// <summary>The file it came from, for messages.</summary>
    public string Source { get; }

    /// <summary>Reads a file whose root is a JSON object.</summary>
    public static ConfigSection Read(string file)
    {
        try
        {
            return From(JsonText.ReadFile(file), file);
        }
        catch (JsonTextException e)
        {
            throw NotJson(file, e);
        }
        catch (FileException e)
        {
            throw new ConfigException(file, null, $"{e.Message} Expected a JSON file as published with the checkpoint; download it again.", e);
        }
    }

    /// <summary>Parses a JSON object. <paramref name="source"/> names it in messages.</summary>
    public static ConfigSection Parse(string json, string source)
    {
        try
        {
            return From(JsonText.Parse(System.Text.Encoding.UTF8.GetBytes(json), source), source);
        }
        catch (JsonTextException e)
        {
            throw NotJson(source, e);
        }
    }

    static ConfigException NotJson(string source, JsonTextException e) =>
        new(source, null, $"{source} is not valid JSON{(e.Line is { } line ? $", line {line}" : "")}: {e.Problem} Fix it or download it again.", e);

    /// <summary>Wraps an object that is parsed already.</summary>
    public static ConfigSection From(JsonElement json, string source) =>
        json.ValueKind == JsonValueKind.Object ? new ConfigSection(json, source, "")
            : throw new ConfigException(source, null, $"{source} holds {Describe(json)} where a JSON object was expected. Fix it or download it again.");

    /// <summary>Whether the key is there and not null.</summary>
    public bool Has(string key) => TryGet(key, out _);

    /// <summary>A nested object; where it is absent, an empty one, so that all of its defaults hold.</summary>
    public ConfigSection Section(string key) =>
        !TryGet(key, out var value) ? new ConfigSection(Empty, Source, Full(key))
        : value.ValueKind == JsonValueKind.Object ? new ConfigSection(value, Source, Full(key))
        : throw Wrong(key, "an object", value);

    public int Int(string key) => Int(key, Required(key));
    public int Int(string key, int absent) => TryGet(key, out var value) ? Int(key, value) : absent;

    public double Double(string key) => Double(key, Required(key));
    public double Double(string key, double absent) => TryGet(key, out var value) ? Double(key, value) : absent;

    public bool Bool(string key) => Bool(key, Required(key));
    public bool Bool(string key, bool absent) => TryGet(key, out var value) ? Bool(key, value) : absent;

    public string String(string key) => String(key, Required(key));
    public string String(string key, string absent) => TryGet(key, out var value) ? String(key, value) : absent;
    public string? StringOrNull(string key) => TryGet(key, out var value) ? String(key, value) : null;

    public int[] Ints(string key) => Items(key, Required(key), Int);
    public int[] Ints(string key, int[] absent) => TryGet(key, out var value) ? Items(key, value, Int) : absent;

    public double[] Doubles(string key) => Items(key, Required(key), Double);
    public double[] Doubles(string key, double[] absent) => TryGet(key, out var value) ? Items(key, value, Double) : absent;

    public string[] Strings(string key, string[] absent) => TryGet(key, out var value) ? Items(key, value, String) : absent;

    /// <summary>An error about the value of a key, for checks that only the reader can make (an unknown activation, say).</summary>
    public ConfigException Unusable(string key, string expected) =>
        TryGet(key, out var value) ? Wrong(key, expected, value)
            : new ConfigException(Source, Full(key), $"{Source}: '{Full(key)}' is missing; expected {expected}. Add it, or download the file again.");

    int Int(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw Wrong(key, "an integer", value);

    double Double(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number
            : throw Wrong(key, "a finite number", value);

    bool Bool(string key, JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, "true or false", value);

    string String(string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) throw Wrong(key, "a string", value);
        return value.GetString()!;
    }

    T[] Items<T>(string key, JsonElement value, Func<string, JsonElement, T> read) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select((item, i) => read($"{key}[{i}]", item))]
            : throw Wrong(key, "an array", value);

    JsonElement Required(string key) => TryGet(key, out var value) ? value : throw Unusable(key, "a value");

    bool TryGet(string key, out JsonElement value) => Json.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    string Full(string key) => path.Length == 0 ? key : $"{path}.{key}";

    ConfigException Wrong(string key, string expected, JsonElement value) =>
        new(Source, Full(key), $"{Source}: '{Full(key)}' is {Describe(value)}; expected {expected}. Fix it or download the file again.");

    static string Describe(JsonElement value)
    {
        var text = value.GetRawText();
        var shown = text.Length <= 60 ? text : text[..60] + "…";
        return value.ValueKind switch
        {
            JsonValueKind.String => $"the string {shown}",
            JsonValueKind.Number => $"the number {shown}",
            JsonValueKind.Array => $"the array {shown}",
            JsonValueKind.Object => $"the object {shown}",
            _ => shown,
        };
    }
}
