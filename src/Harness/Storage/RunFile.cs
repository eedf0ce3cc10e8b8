using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Models.Images;
using Vrp.Models.Storage;

namespace Vrp.Harness.Storage;

/// <summary>run.json of a run's folder: per stage what it ran on and what it cost. Times are in it, so it is no part of what runs are compared by.</summary>
public static class RunFile
{
    /// <summary>Sets one section, and leaves the others as they are.</summary>
    public static void Update(string runFolder, string section, object value)
    {
        string path = Path.Combine(runFolder, "run.json");
        var root = Read(path);
        root[section] = JsonSerializer.SerializeToNode(value, Json.Line);
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, root, Json.Indented));
    }

    /// <summary>What became of pictures that lie on their side; where the file says nothing, what is done by default.</summary>
    public static ExifRule ExifOf(string runFolder) =>
        Read(Path.Combine(runFolder, "run.json"))["pictures"]?["exif"]?.GetValue<string>() == "transpose" ? ExifRule.Transpose : ExifRule.Ignore;

    static JsonObject Read(string path)
    {
        if (!File.Exists(path)) return [];
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("not an object");
        }
        catch (JsonException e)
        {
            throw new StoreException($"{path} is damaged: {e.Message} Delete it; it is written again.", e);
        }
    }
}
