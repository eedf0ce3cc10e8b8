using System.Text.Json;
using Vrp.Models.Storage;

namespace Vrp.Models.Tokenizing.Json;

/// <summary>A value of a JSON file as a range of its bytes. Vocabularies and merge lists are read from the bytes directly: as a document
/// they would cost several times their size and most of the loading time.</summary>
/// <param name="File">All bytes of the file.</param>
/// <param name="Source">The file's name, for errors.</param>
/// <param name="Place">The JSON path of the value.</param>
readonly record struct JsonRange(ReadOnlyMemory<byte> File, int Start, int Length, string Source, string Place)
{
    static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false };

    /// <summary>The whole of a file, known to hold nothing but Unicode text: System.Text.Json finds broken text only where a string is asked for, and by
    /// another exception.</summary>
    public static JsonRange Of(ReadOnlyMemory<byte> file, string source)
    {
        try
        {
            var text = JsonText.Text(file, source);
            return new JsonRange(text, 0, text.Length, source, "$");
        }
        catch (JsonTextException e)
        {
            throw new TokenizerException(source, "$", $"{e.Problem} Fetch it again, or save it again with tokenizers.", e);
        }
    }

    public ReadOnlySpan<byte> Bytes => File.Span.Slice(Start, Length);

    public TokenizerException Error(string problem, Exception? inner = null) => new(Source, Place, problem, inner);

    /// <summary>For an object that was read along with its owner: its members.</summary>
    public IReadOnlyDictionary<string, JsonRange>? Inner { get; init; }

    /// <summary>The members of a file's object, and of the objects directly in it, in one pass that also checks that all of it is JSON.</summary>
    public Dictionary<string, JsonRange> Members()
    {
        try
        {
            var reader = new Utf8JsonReader(Bytes);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw Error($"expected an object, got {reader.TokenType}.");
            var members = Members(ref reader, levels: 2);
            while (reader.Read()) { }   // anything after the closing brace is an error of the reader's
            return members;
        }
        catch (JsonException e)
        {
            throw Error($"not valid JSON: {JsonText.Wrong(e, Source).Problem} Is the file complete? Fetch it again.", e);
        }
    }

    Dictionary<string, JsonRange> Members(ref Utf8JsonReader reader, int levels)
    {
        var members = new Dictionary<string, JsonRange>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var member = this with { Start = start, Place = $"{Place}.{name}" };
            if (levels > 1 && reader.TokenType == JsonTokenType.StartObject) member = member with { Inner = member.Members(ref reader, levels - 1) };
            else reader.Skip();
            if (!members.TryAdd(name, member with { Length = (int)reader.BytesConsumed - start }))
                throw Error($"the key {PlainText.Line(name, 80)} stands there twice.");
        }

        return members;
    }

    /// <summary>The value as a document; for small ones.</summary>
    public JsonElement Element() => Element(File.Slice(Start, Length));

    /// <summary>This object without some of its members, as a strict section.</summary>
    public JsonSection SectionWithout(IReadOnlyDictionary<string, JsonRange> members, params ReadOnlySpan<string> left)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                if (left.Contains(name)) continue;
                writer.WritePropertyName(name);
                writer.WriteRawValue(value.Bytes);
            }

            writer.WriteEndObject();
        }

        return new(Element(stream.ToArray()), Source, Place);
    }

    /// <summary>The value as a strict section, or null for a JSON null.</summary>
    public JsonSection? Section() => Element() is { ValueKind: not JsonValueKind.Null } element ? new(element, Source, Place) : null;

    JsonElement Element(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, strict);
            return document.RootElement.Clone();
        }
        catch (JsonException e)   // a key that stands there twice: all else was checked with the whole file
        {
            throw Error($"{JsonText.Wrong(e, Source).Problem} Each key may stand there once.", e);
        }
    }
}
