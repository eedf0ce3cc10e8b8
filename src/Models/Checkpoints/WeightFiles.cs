namespace Vrp.Models.Checkpoints;

/// <summary>Finds the safetensors of a checkpoint's folder: <c>model.safetensors</c>, else the shards of <c>model.safetensors.index.json</c> (transformers'
/// order).</summary>
static class WeightFiles
{
    public const string SingleFile = "model.safetensors";

    static readonly string[] PickleEndings = [".bin", ".pt", ".pth", ".ckpt"];

    /// <summary>All tensors, with their stored names.</summary>
    public static IReadOnlyList<TensorEntry> ReadTensors(CheckpointLocation location)
    {
        string single = Path.Combine(location.Folder, SingleFile), index = Path.Combine(location.Folder, ShardIndex.FileName);
        if (LinkedFile.Exists(single)) return SafetensorsHeader.Read(single).Tensors;
        if (LinkedFile.Exists(index)) return ShardIndex.ReadTensors(index, location.HowToGet);
        throw NoWeights(location);
    }

    static CheckpointException NoWeights(CheckpointLocation location)
    {
        string[] names = [.. Directory.GetFiles(location.Folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        if (names.FirstOrDefault(IsPickle) is { } pickle) return new PickleCheckpointException(location.Folder, pickle);

        var others = string.Join(", ", names.Where(name => name.EndsWith(".safetensors", StringComparison.Ordinal)));
        var found = others.Length == 0 ? "" : $" It holds {Display.Name(others)}.";
        var next = names.Contains("adapter_config.json")
            ? "These are adapter weights: merge them into their base model first (peft: merge_and_unload), and save the result." : location.HowToGet;
        return new CheckpointNotFoundException(location.Folder,
            $"{location.Folder} holds no weights: expected {SingleFile} or {ShardIndex.FileName}.{found} {next}");
    }

    static bool IsPickle(string name) => name != "training_args.bin" && PickleEndings.Contains(Path.GetExtension(name));
}
