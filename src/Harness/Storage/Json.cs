using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vrp.Models.Storage;

namespace Vrp.Harness.Storage;

/// <summary>How the stages write JSON: snake_case, enumerations by name, texts readable, the same bytes for the same values.</summary>
static class Json
{
    public static JsonSerializerOptions Line { get; } = JsonText.Strict(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    });

    public static JsonSerializerOptions Indented { get; } = new(Line) { WriteIndented = true, NewLine = "\n" };

    /// <summary>Of files that people and other programs read (results, the ledger): every field is there, nulls too, and a field too many, missing or doubled
    /// is an error.</summary>
    public static JsonSerializerOptions Document { get; } = JsonText.Strict(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    });

    /// <summary>The same, a field a line.</summary>
    public static JsonSerializerOptions IndentedDocument { get; } = new(Document) { WriteIndented = true, NewLine = "\n" };

    /// <summary>A document whose last field is a list, a row a line: a change reads as a line of a diff.</summary>
    /// <param name="head">The document with that list empty.</param>
    /// <param name="rows">The list.</param>
    public static string RowsByLine<TDocument, TRow>(TDocument head, IEnumerable<TRow> rows) =>
        $"{JsonSerializer.Serialize(head, Document)[..^2]}\n{string.Join(",\n", rows.Select(row => JsonSerializer.Serialize(row, Document)))}\n]}}\n";

    /// <exception cref="StoreException">Not such an object; <paramref name="source"/> names it.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> json, string source)
    {
        try
        {
            return JsonText.Parse<T>(json, source, Line);
        }
        catch (JsonTextException e)
        {
            throw new StoreException($"{source} is damaged: {e.Problem} Delete it and run the same command again.", e);
        }
    }
}
