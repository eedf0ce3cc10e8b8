namespace Vrp.Harness.Running;

/// <summary>manifest.json of a store: its key in full, and how its samples lie in blocks. The same bytes whatever machine, shard or run wrote it.</summary>
/// <param name="Stage">trace or intervene.</param>
/// <param name="Key">SHA-256 over stage and facts.</param>
/// <param name="Samples">n.</param>
/// <param name="BlockSize">Samples per block; the last may have fewer.</param>
/// <param name="Facts">What the key is made of.</param>
sealed record StoreManifest(string Stage, string Key, int Samples, int BlockSize, SortedDictionary<string, string> Facts)
{
    /// <summary>Number of blocks.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Blocks => (Samples + BlockSize - 1) / BlockSize;

    /// <summary>The key that the facts make, for comparison with <see cref="Key"/>.</summary>
    public RunKey RunKey() => new(Stage, Facts);
}
