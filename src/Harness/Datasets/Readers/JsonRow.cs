using System.Text.Json;

namespace Vrp.Harness.Datasets.Readers;

/// <summary>One row of a file; its fields are read by name with errors that say the line.</summary>
/// <param name="Source">The file, for messages.</param>
/// <param name="Number">The line, from 1; in a JSON array the place.</param>
/// <param name="Json">An object.</param>
public sealed record JsonRow(string Source, int Number, JsonElement Json)
{
    /// <summary>All rows of a file in whichever form <see cref="RowFile"/> knows; at least one.</summary>
    public static IReadOnlyList<JsonRow> ReadFile(string path) => RowFile.Read(path).Rows;

    public bool Has(string field) => Json.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A text that must be there and not be blank.</summary>
    public string Text(string field) => TextOrNull(field) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw Wrong(field, "a text");

    public string? TextOrNull(string field) =>
        !Has(field) ? null : Json.GetProperty(field) is { ValueKind: JsonValueKind.String } value ? value.GetString() : throw Wrong(field, "a text");

    /// <summary>A text or a whole number, as ids are written both ways.</summary>
    public string Key(string field) => Has(field) && Json.GetProperty(field) is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : Text(field);

    /// <summary>A list of texts; absent is empty.</summary>
    public IReadOnlyList<string> Texts(string field)
    {
        if (!Has(field)) return [];
        var value = Json.GetProperty(field);
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String)) throw Wrong(field,
            "a list of texts");
        return [.. value.EnumerateArray().Select(v => v.GetString()!)];
    }

    public DatasetException Wrong(string field, string expected) =>
        new(Source, $"field '{field}' must be {expected}.", [(Number, Has(field) ? Json.GetProperty(field).GetRawText() : "it is missing")]);
}
