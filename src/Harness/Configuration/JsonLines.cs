using System.Text;
using System.Text.Json;

namespace Vrp.Harness.Configuration;

/// <summary>Where in a JSON text a value stands, for messages about values that are well-formed and wrong.</summary>
static class JsonLines
{
    /// <summary>The line, from 1, of the value at a path such as <c>subjects/0/name</c>; of its nearest parent where it is absent.</summary>
    public static int LineOf(string text, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var found = 0L;
        if (reader.Read()) Walk(ref reader, path.Split('/'), 0, ref found);
        return bytes.AsSpan(0, (int)found).Count((byte)'\n') + 1;
    }

    static void Walk(ref Utf8JsonReader reader, string[] path, int depth, ref long found)
    {
        found = reader.TokenStartIndex;
        if (depth == path.Length || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        for (var index = 0; reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray); index++)
        {
            var name = isObject ? reader.GetString()! : index.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (isObject) reader.Read();
            if (name == path[depth])
            {
                Walk(ref reader, path, depth + 1, ref found);
                return;
            }

            reader.Skip();
        }
    }
}
