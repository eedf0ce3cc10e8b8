using System.Text;
using System.Text.Json;

namespace Vrp.Models.Tokenizing.Json;

/// <summary>An object of a tokenizer.json, read strictly: a missing key, a value of another type and, at <see cref="End"/>, a key that nobody read are each a
/// <see cref="TokenizerException"/> that names the place.</summary>
sealed class JsonSection
{
    readonly JsonElement element;
    readonly HashSet<string> read = [];

    public JsonSection(JsonElement element, string source, string place)
    {
        (this.element, Source, Place) = (element, source, place);
        if (element.ValueKind != JsonValueKind.Object) throw Error($"expected an object, got {Kind(element)}.");
    }

    /// <summary>The file, for errors.</summary>
    public string Source { get; }

    /// <summary>The JSON path of this object.</summary>
    public string Place { get; }

    public TokenizerException Error(string problem, string? key = null) => new(Source, key is null ? Place : $"{Place}.{key}", problem);

    /// <summary>What is said of every part of a pipeline that this reader does not know.</summary>
    public TokenizerException Unsupported(string what, string supported, string? key = null) =>
        Error($"{what} is not supported (supported: {supported}). Use a checkpoint whose tokenizer has one of these pipelines, or add it to "
            + "src/Models/Tokenizing.", key);

    public string Text(string key) => AsText(Required(key), key);

    public string? OptionalText(string key) => Optional(key) is { } value ? AsText(value, key) : null;

    /// <summary>A string of exactly one code point.</summary>
    public int Character(string key)
    {
        var text = Text(key);
        var runes = text.EnumerateRunes().ToArray();
        return runes.Length == 1 ? runes[0].Value : throw Error($"expected one character, got \"{text}\".", key);
    }

    public bool Flag(string key) => AsFlag(Required(key), key);

    public bool? OptionalFlag(string key) => Optional(key) is { } value ? AsFlag(value, key) : null;

    public int Whole(string key) => AsWhole(Required(key), key);

    public double? OptionalNumber(string key) => Optional(key) is { } value
        ? value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Error($"expected a number or null, got {Kind(value)}.", key)
        : null;

    public JsonSection Object(string key) => new(Required(key), Source, $"{Place}.{key}");

    public JsonSection? OptionalObject(string key) => Optional(key) is { } value ? new(value, Source, $"{Place}.{key}") : null;

    public IReadOnlyList<JsonSection> Objects(string key) => [.. Elements(key).Select((item, i) => new JsonSection(item, Source, $"{Place}.{key}[{i}]"))];

    public IReadOnlyList<int> WholeNumbers(string key) => [.. Elements(key).Select((item, i) => AsWhole(item, $"{key}[{i}]"))];

    public IReadOnlyList<string> Texts(string key) => [.. Elements(key).Select((item, i) => AsText(item, $"{key}[{i}]"))];

    /// <summary>All members as objects, for a map from names.</summary>
    public IEnumerable<(string Name, JsonSection Value)> Members()
    {
        foreach (var member in element.EnumerateObject())
        {
            read.Add(member.Name);
            yield return (member.Name, new(member.Value, Source, $"{Place}[\"{member.Name}\"]"));
        }
    }

    /// <summary>To be called when all known keys are read.</summary>
    public void End()
    {
        foreach (var member in element.EnumerateObject())
            if (!read.Contains(member.Name))
                throw Error($"the setting {member.Name} = {Short(member.Value.GetRawText())} is unknown here and would be ignored; it is not supported.",
                    member.Name);
    }

    JsonElement Required(string key) => Optional(key) ?? throw Error("expected a value, but the key is missing or null.", key);

    JsonElement? Optional(string key)
    {
        read.Add(key);
        return element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    IEnumerable<JsonElement> Elements(string key) =>
        Required(key) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : throw Error("expected an array.", key);

    string AsText(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Error($"expected a string, got {Kind(value)}.", key);

    bool AsFlag(JsonElement value, string key) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error($"expected true or false, got {Kind(value)}.", key),
    };

    int AsWhole(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number
            : throw Error($"expected a whole number from 0, got {Short(value.GetRawText())}.", key);

    static string Kind(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? $"an {value.ValueKind.ToString().ToLowerInvariant()}" : Short(value.GetRawText());

    static string Short(string text) => text.Length <= 60 ? text : new StringBuilder(text, 0, 60, 61).Append('…').ToString();
}
