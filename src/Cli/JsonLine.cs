using System.Globalization;
using System.Text;
using System.Text.Json;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Cli;

/// <summary>One line of a JSON-lines file, read with errors that name the file and the line.</summary>
static class JsonLine
{
    public static JsonElement Parse(string file, int number, string line)
    {
        try
        {
            return JsonText.Parse(Encoding.UTF8.GetBytes(ReplaceLoneSurrogates(line)), file, number);
        }
        catch (JsonTextException e)
        {
            throw new VrpException($"{file}:{number}: not a line of JSON ({e.Problem}): {Short(line)}", e);
        }
    }

    /// <summary>The string under <paramref name="key"/>; an error when it is missing or something else.</summary>
    public static string Text(string file, int number, string line, string key)
    {
        var root = Parse(file, number, line);
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(key, out var value)
            && value.ValueKind == JsonValueKind.String) return value.GetString()!;
        throw new VrpException($"{file}:{number}: expected a line like {{\"{key}\": \"…\"}}, got: {Short(line)}");
    }

    /// <summary>The same JSON, without the characters that a GitHub runner takes for a command: so that standard output need not change what it says.</summary>
    public static string Safe(string json) => json.Replace("##[", "#\\u0023[", StringComparison.Ordinal);

    public static string Short(string line) => line.Length > 80 ? line[..80] + "…" : line;

    /// <summary>JSON may escape half of a surrogate pair; .NET's reader refuses it when the text is taken, the tokenizer takes it as U+FFFD.</summary>
    internal static string ReplaceLoneSurrogates(string json)
    {
        if (!json.Contains(@"\ud", StringComparison.OrdinalIgnoreCase)) return json;
        var result = new StringBuilder(json.Length);
        for (var i = 0; i < json.Length;)
        {
            var length = json[i] != '\\' ? 1 : Unit(i) is { } unit ? (char.IsHighSurrogate(unit) && Unit(i + 6) is { } low && char.IsLowSurrogate(low) ? 12 : 6)
                : 2;
            var lone = length == 6 && char.IsSurrogate(Unit(i)!.Value);
            result.Append(lone ? @"\ufffd" : json.AsSpan(i, Math.Min(length, json.Length - i)));
            i += length;
        }
        return result.ToString();

        char? Unit(int at) =>
            at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
            && ushort.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : null;
    }
}
