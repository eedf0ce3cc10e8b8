using System.Text.Json;
using Vrp.Models.Storage;

namespace Vrp.Models.Checkpoints;

/// <summary>The index of a sharded checkpoint, <c>model.safetensors.index.json</c>: <c>{"weight_map": {TENSOR: FILE}}</c>, held against the shards
/// themselves.</summary>
static class ShardIndex
{
    public const string FileName = "model.safetensors.index.json";

    const int MostShown = 12;

    /// <summary>The tensors of all shards, with their stored names.</summary>
    /// <param name="index">Path of the index.</param>
    /// <param name="howToGet">What to do about a file that is missing.</param>
    public static List<TensorEntry> ReadTensors(string index, string howToGet)
    {
        var placed = ReadWeightMap(index);
        var shards = Files(index, placed.Values.Distinct(StringComparer.Ordinal), howToGet);

        var found = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var shard in shards)
        {
            foreach (var tensor in SafetensorsHeader.Read(shard).Tensors)
            {
                if (found.TryGetValue(tensor.StoredName, out var other))
                    throw new ShardIndexException(index, ShardIndexDefect.TensorInTwoShards,
                        $"the tensor '{Display.Name(tensor.StoredName)}' is in {Path.GetFileName(other.File)} and in {Path.GetFileName(shard)}",
                        "Shards of two checkpoints are mixed; " + howToGet);
                found.Add(tensor.StoredName, tensor);
            }
        }

        var folder = Path.GetDirectoryName(index)!;
        string[] misplaced = [.. placed.Where(p => !found.TryGetValue(p.Key, out var tensor) || tensor.File != Path.Combine(folder, p.Value))
            .Select(p => $"'{Display.Name(p.Key)}' in {Display.Name(p.Value)}")];
        if (misplaced.Length > 0)
            throw new ShardIndexException(index, ShardIndexDefect.TensorNotInShard,
                $"{misplaced.Length} tensors are not in the shard that the index names: {string.Join(", ", Display.Cut(misplaced, MostShown))}",
                "Index and shards are of two checkpoints; " + howToGet);
        return [.. found.Values];
    }

    static Dictionary<string, string> ReadWeightMap(string index)
    {
        try
        {
            var root = JsonText.ReadFile(index);
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("weight_map", out var map)
                && map.ValueKind == JsonValueKind.Object
                && map.EnumerateObject().All(entry => entry.Value.ValueKind == JsonValueKind.String))
                return map.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!, StringComparer.Ordinal);
            throw NotValid(index, "it holds no object 'weight_map' of strings", null);
        }
        catch (JsonTextException e)
        {
            throw NotValid(index, e.Problem, e);
        }
        catch (FileException e)
        {
            throw new CheckpointException(index, e.Message, e);
        }
    }

    /// <summary>The shards' paths. A name must stay in the folder; that a file there is a link (the hub's cache links into its blobs) is its owner's doing, not
    /// the index's.</summary>
    static List<string> Files(string index, IEnumerable<string> names, string howToGet)
    {
        var folder = Path.GetDirectoryName(index)!;
        var files = new List<string>();
        var missing = new List<string>();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            if (!FileDoor.IsInside(name))
                throw new ShardIndexException(index, ShardIndexDefect.OutsideFolder,
                    $"it names the shard '{Display.Name(name)}', a path outside of its folder", "Do not use this checkpoint unless you know who wrote it.");
            var file = Path.Combine(folder, name);
            (LinkedFile.Exists(file) ? files : missing).Add(file);
        }

        var missingNames = string.Join(", ", Display.Cut([.. missing.Select(f => Display.Name(Path.GetFileName(f)))], MostShown));
        if (missing.Count > 0)
            throw new ShardIndexException(index, ShardIndexDefect.MissingFile,
                $"{missing.Count} of {missing.Count + files.Count} shards are missing: {missingNames}", howToGet);
        return files;
    }

    static ShardIndexException NotValid(string index, string what, Exception? inner) =>
        new(index, ShardIndexDefect.NotValid, $"it is not a valid index: {what}", "Download it again.", inner);
}
