using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Vrp.Models.Storage;

/// <summary>JSON that is none, or not of the shape that its reader expects. One line: file, place, what was expected.</summary>
/// <param name="source">The file, as the person named it.</param>
/// <param name="place">":line" or ", JSON path"; may be empty.</param>
/// <param name="problem">What was expected, what was found.</param>
/// <param name="inner">What it was found by.</param>
public sealed class JsonTextException(string source, string place, string problem, Exception? inner = null) : FileException($"{source}{place}:", problem, inner)
{
    /// <summary>The line from 1, where one is known.</summary>
    public int? Line { get; } = int.TryParse(place.TrimStart(':'), NumberStyles.None, CultureInfo.InvariantCulture, out var line) ? line : null;
}

/// <summary>The door that every JSON file comes in by. A byte order mark is passed over; broken UTF-8, an escaped half of a surrogate pair (in keys too, where
/// System.Text.Json finds it only when the text is taken, by another exception), a doubled key and more than 64 levels are each a
/// <see cref="JsonTextException"/>.</summary>
public static partial class JsonText
{
    /// <summary>Levels of objects and lists.</summary>
    public const int Deepest = 64;

    static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false, MaxDepth = Deepest };

    /// <summary>A file as a value that stands on its own.</summary>
    /// <exception cref="FileException">It cannot be read, or is no JSON.</exception>
    public static JsonElement ReadFile(string path) => Parse(FileDoor.ReadAllBytes(path), path);

    /// <summary>A text as a value that stands on its own.</summary>
    /// <param name="json">UTF-8, with or without a mark.</param>
    /// <param name="source">For messages.</param>
    /// <param name="firstLine">The line of the file that the text begins on.</param>
    /// <exception cref="JsonTextException">It is no JSON.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> json, string source, int firstLine = 1)
    {
        var text = Text(json, source, firstLine);
        try
        {
            using var document = JsonDocument.Parse(text, strict);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw Wrong(e, source, firstLine);
        }
    }

    /// <summary>A text as nodes, for files whose shape their reader walks by itself.</summary>
    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte}, string, int)"/>
    public static JsonNode? Node(ReadOnlyMemory<byte> json, string source)
    {
        var text = Text(json, source);
        try
        {
            return JsonNode.Parse(text.Span, documentOptions: strict);
        }
        catch (JsonException e)
        {
            throw Wrong(e, source);
        }
    }

    /// <summary>A text as one of our records.</summary>
    /// <param name="options">Of the record; made by <see cref="Strict"/>.</param>
    /// <param name="json">UTF-8, with or without a mark.</param>
    /// <param name="source">For messages.</param>
    /// <param name="firstLine">The line of the file that the text begins on.</param>
    /// <exception cref="JsonTextException">It is no JSON, or no such record.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> json, string source, JsonSerializerOptions options, int firstLine = 1)
    {
        var text = Text(json, source, firstLine);
        try
        {
            return JsonSerializer.Deserialize<T>(text.Span, options) ?? throw new JsonTextException(source, $":{firstLine}", "null is no value here.");
        }
        catch (JsonException e)
        {
            throw Wrong(e, source, firstLine);
        }
    }

    /// <summary>Options under which a record's fields are held to their declarations: none missing, none doubled, no null where one is not declared, in lists
    /// neither.</summary>
    public static JsonSerializerOptions Strict(JsonSerializerOptions options) => new(options)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        MaxDepth = Deepest,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver { Modifiers = { ListNulls.Refuse } },
    };

    /// <summary>The lines of a JSON-lines file that are not blank, with their numbers from 1; a mark at its head and CR before LF are passed over.</summary>
    public static IEnumerable<(int Number, ReadOnlyMemory<byte> Json)> Lines(ReadOnlyMemory<byte> file)
    {
        if (file.Span.StartsWith("\uFEFF"u8)) file = file[3..];
        for (var number = 1; !file.IsEmpty; number++)
        {
            var end = file.Span.IndexOf((byte)'\n');
            var line = end < 0 ? file : file[..end];
            file = end < 0 ? default : file[(end + 1)..];
            if (line.Span.Trim(" \t\r"u8).Length > 0) yield return (number, line);
        }
    }

    /// <summary>UTF-8 without its mark.</summary>
    /// <exception cref="JsonTextException">It is no UTF-8.</exception>
    public static ReadOnlyMemory<byte> Utf8Text(ReadOnlyMemory<byte> bytes, string source, int firstLine = 1)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (Utf8.IsValid(bytes.Span)) return bytes;
        Utf8.ToUtf16(bytes.Span, new char[bytes.Length], out var read, out _, replaceInvalidSequences: false);
        throw new JsonTextException(source, $":{LineOf(bytes.Span, read, firstLine)}", "not UTF-8 text. Is the file complete, and saved as UTF-8?");
    }

    /// <summary>UTF-8 without its mark, and without escapes that are no Unicode text.</summary>
    /// <exception cref="JsonTextException">It holds what JSON's grammar admits and Unicode does not.</exception>
    public static ReadOnlyMemory<byte> Text(ReadOnlyMemory<byte> json, string source, int firstLine = 1)
    {
        json = Utf8Text(json, source, firstLine);
        return LoneSurrogate(json.Span) is >= 0 and var at ? throw new JsonTextException(source, $":{LineOf(json.Span, at, firstLine)}",
            $"the escape at byte {at} is half of a surrogate pair, a lone surrogate, which no Unicode text holds.") : json;
    }

    /// <summary>What System.Text.Json found wrong, in the words of somebody who looks at the file.</summary>
    public static JsonTextException Wrong(JsonException e, string source, int firstLine = 1) =>
        new(source, e.LineNumber is { } line ? $":{firstLine + line}" : "", Explain(e), e);

    static string Explain(JsonException e)
    {
        var place = e.Path is null or "$" or "" ? "" : $"{PlainText.Line(e.Path, 120)}: ";
        if (Wanted().Match(e.Message) is { Success: true } wanted) return $"{place}expected {Expected(wanted.Groups[1].Value)}.";
        if (e.Message.Contains("missing required properties", StringComparison.Ordinal))
            return $"{place}{string.Join(", ", e.Message.Split('\'').Skip(2).Where((_, i) => i % 2 == 1).Select(name => $"\"{name}\""))} must be set.";
        if (e.Message.Contains("null values", StringComparison.Ordinal)) return $"{place}null is no value here.";
        if (e.Message.Contains("does not contain any JSON tokens", StringComparison.Ordinal)) return "it is empty, or breaks off before its first value.";
        var message = Position().Replace(e.Message.Split(" Path: ")[0], "").TrimEnd('.', ' ');
        if (message.StartsWith("Duplicate property", StringComparison.Ordinal))
            return $"{place}the key {PlainText.Line(message.Split('\'')[1], 80)} stands there twice.";
        if (message.Contains("could not be mapped", StringComparison.Ordinal)) return $"{place}unknown key \"{PlainText.Line(message.Split('\'')[1], 80)}\".";
        return $"{place}{PlainText.Line(message, 200)}.";
    }

    static string Expected(string type)
    {
        var bare = type.Replace("System.Nullable`1[", "", StringComparison.Ordinal).TrimEnd(']');
        return bare switch
        {
            "System.Int32" or "System.Int64" => "a whole number",
            "System.UInt64" => "a whole number, 0 or more",
            "System.Double" or "System.Single" => "a number",
            "System.Boolean" => "true or false",
            "System.String" => "a text in quotes",
            _ when bare.Contains("List`1", StringComparison.Ordinal) || bare.EndsWith('[') => "a list in [ ]",
            _ => "another kind of value",
        };
    }

    static int LineOf(ReadOnlySpan<byte> text, int at, int firstLine) => firstLine + text[..Math.Min(at, text.Length)].Count((byte)'\n');

    /// <summary>The position of an escape <c>\uD800</c> to <c>\uDFFF</c> that is no half of a pair, or -1.</summary>
    static int LoneSurrogate(ReadOnlySpan<byte> json)
    {
        for (int at = 0, next; json[at..].IndexOf((byte)'\\') is >= 0 and var skipped; at = next)
        {
            var start = at + skipped;
            next = Math.Min(start + 2, json.Length);
            var unit = Unit(json, start);
            if (unit is < 0xD800 or > 0xDFFF) continue;
            if (unit > 0xDBFF || Unit(json, start + 6) is < 0xDC00 or > 0xDFFF) return start;
            next = start + 12;
        }

        return -1;
    }

    /// <summary>The UTF-16 unit of the escape <c>\uHHHH</c> that stands at a position, or -1.</summary>
    static int Unit(ReadOnlySpan<byte> json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
            && int.TryParse(json.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? unit : -1;

    [GeneratedRegex(@"could not be converted to (.+?)\. Path")]
    private static partial Regex Wanted();

    [GeneratedRegex(@"\s*LineNumber: \d+ \| BytePositionInLine: \d+\.?")]
    private static partial Regex Position();
}
