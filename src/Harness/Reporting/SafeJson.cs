using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Vrp.Harness.Reporting;

/// <summary>JSON that can stand inside a <c>&lt;script type="application/json"&gt;</c> whatever it holds: no &lt;, &gt;, &amp;, quote, U+2028 or U+2029 appears
/// as such.</summary>
static class SafeJson
{
    static readonly JsonSerializerOptions options = new() { Encoder = JavaScriptEncoder.Create(Allowed()) };

    // The encoder keeps < > & ' " ` +, controls and U+2028 as \uXXXX by itself, whatever is allowed; bidi overrides are added, so that the file's source reads
    // in one direction.
    static TextEncoderSettings Allowed()
    {
        var settings = new TextEncoderSettings(UnicodeRanges.All);
        settings.ForbidRange(UnicodeRange.Create('\u2028', '\u202E'));
        settings.ForbidRange(UnicodeRange.Create('\u2066', '\u2069'));
        return settings;
    }

    public static string Text(JsonNode node) => node.ToJsonString(options);

    /// <summary>A text that is valid UTF-16: a surrogate without its other half becomes U+FFFD, which is what a browser would show.</summary>
    public static string Valid(string text)
    {
        var at = 0;
        while (at < text.Length && !char.IsSurrogate(text[at])) at++;
        if (at == text.Length) return text;
        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) whole.Append(rune);   // an unpaired surrogate is enumerated as U+FFFD
        return whole.ToString();
    }

    public static JsonNode? Of(string? text) => text is null ? null : JsonValue.Create(Valid(text));

    public static JsonArray Of(IEnumerable<string> texts) => [.. texts.Select(text => Of(text))];

    /// <summary>A number to some significant digits; what is no number is null, which the page shows as absent.</summary>
    public static JsonNode? Number(double? value, int digits = 5) =>
        value is { } number && double.IsFinite(number)
            ? JsonValue.Create(double.Parse(number.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)) : null;
}
