namespace Vrp.Harness.Storage;

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
    public int Blocks => (int)(((long)Samples + BlockSize - 1) / BlockSize);

    /// <exception cref="StoreException">Numbers that no stage writes: fewer than 0 questions, blocks of fewer than 1.</exception>
    public StoreManifest Checked(string path) => Samples >= 0 && BlockSize >= 1 ? this
        : throw new StoreException($"{path} names {Samples} questions in blocks of {BlockSize}; expected 0 or more in blocks of at least 1. Run the stage again.");

    /// <summary>The key that the facts make, for comparison with <see cref="Key"/>.</summary>
    public RunKey RunKey() => new(Stage, Facts);
}
