using Vrp.Harness.Storage;

namespace Vrp.Harness.Tests.Storage;

/// <summary>A store of made-up blocks, and how stores are compared.</summary>
static class StoreFiles
{
    public const int Samples = 17, BlockSize = 3, Blocks = 6;

    public static RunKey Key(string weights = "a") => new("trace", [new("model.weights", weights), new("generation.seed", "0")]);

    public static BlockStore Create(string folder, string weights = "a", Func<string, Stream>? create = null) =>
        BlockStore.Create(folder, Key(weights), Samples, BlockSize, create);

    /// <summary>Writes a block whose content follows from its number.</summary>
    public static void Write(BlockStore store, int block)
    {
        var count = store.CountOf(block);
        store.Write(block, [.. Enumerable.Range(0, count).Select(i => $"{{\"id\":\"sample-{store.FirstOf(block) + i}\"}}")],
            [StoredArray.Of("values", [.. Enumerable.Range(0, 4 * count).Select(i => block + i / 7f)], count, 4)], new PassCounts(1, count, 2 * count, 30));
    }

    public static BlockStore Filled(string folder, Range blocks, string weights = "a")
    {
        var store = Create(folder, weights);
        foreach (var block in Enumerable.Range(0, Blocks).Take(blocks)) Write(store, block);
        return store;
    }

    /// <summary>Everything of a run folder that must not depend on how often it was interrupted: stores without status and locks, by relative path.</summary>
    public static SortedDictionary<string, string> Content(string runFolder) => new(Directory.GetFiles(runFolder, "*", SearchOption.AllDirectories)
        .Where(path => Path.GetFileName(path) is var name && !name.StartsWith("status", StringComparison.Ordinal)
            && !name.StartsWith(".lock", StringComparison.Ordinal) && name != "run.json")
        .ToDictionary(path => Path.GetRelativePath(runFolder, path),
            path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))), StringComparer.Ordinal);
}
