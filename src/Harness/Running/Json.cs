using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vrp.Harness.Running;

/// <summary>How the stages write JSON: snake_case, enumerations by name, texts readable, the same bytes for the same values.</summary>
static class Json
{
    public static JsonSerializerOptions Line { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static JsonSerializerOptions Indented { get; } = new(Line) { WriteIndented = true, NewLine = "\n" };

    /// <exception cref="StoreException">Not such an object; <paramref name="source"/> names it.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json, string source)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Line) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new StoreException($"{source} is damaged: {e.Message} Delete it and run the same command again.", e);
        }
    }
}
