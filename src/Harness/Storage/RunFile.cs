using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Models.Images;
using Vrp.Models.Storage;

namespace Vrp.Harness.Storage;

/// <summary>run.json of a run's folder: per stage what it ran on and what it cost. Times are in it, so it is no part of what runs are compared by.</summary>
public static class RunFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "run.json";

    /// <summary>Sets one section, and leaves the others as they are.</summary>
    public static void Update(string runFolder, string section, object value)
    {
        var path = Path.Combine(runFolder, Name);
        var root = Read(path);
        root[section] = JsonSerializer.SerializeToNode(value, Json.Line);
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, root, Json.Indented));
    }

    /// <summary>One section; null where the file has none, or is not there.</summary>
    /// <exception cref="StoreException">The file is damaged, or the section is not what its writer wrote.</exception>
    internal static T? Section<T>(string runFolder, string section) where T : class
    {
        var path = Path.Combine(runFolder, Name);
        if (Read(path)[section] is not { } node) return null;
        try
        {
            return node.Deserialize<T>(Json.Line);
        }
        catch (JsonException e)
        {
            throw new StoreException($"{path} is damaged: section \"{section}\": {e.Message} Take the section out, or delete the file.", e);
        }
    }

    /// <summary>How images with an EXIF orientation were read; the default where the file does not say.</summary>
    public static ExifRule ExifOf(string runFolder) =>
        Read(Path.Combine(runFolder, Name))["pictures"] is JsonObject images && images["exif"] is JsonValue exif
            && exif.TryGetValue(out string? rule) && rule == "transpose" ? ExifRule.Transpose : ExifRule.Ignore;

    static JsonObject Read(string path)
    {
        if (!File.Exists(path)) return [];
        StoreException Damaged(string why, Exception? inner = null) => new($"{path} is damaged: {why} Delete it; it is written again.", inner);
        try
        {
            return JsonText.Node(FileDoor.ReadAllBytes(path), path) as JsonObject ?? throw Damaged("it holds no object.");
        }
        catch (JsonTextException e)
        {
            throw Damaged(e.Problem, e);
        }
    }
}
