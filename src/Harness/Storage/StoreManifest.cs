using System.Globalization;
using System.Text.Json;
using Vrp.Models.Storage;

namespace Vrp.Harness.Storage;

/// <summary>manifest.json of a store: its key in full, and how its questions are divided into blocks. The same bytes whatever machine, shard or run wrote
/// it.</summary>
/// <param name="Stage">trace or intervene.</param>
/// <param name="Key">SHA-256 over stage and facts.</param>
/// <param name="Samples">n.</param>
/// <param name="BlockSize">Most questions of a block.</param>
/// <param name="Facts">What the key is made of.</param>
/// <param name="Starts">Index of each block's first question; null where all blocks but the last are full.</param>
sealed record StoreManifest(string Stage, string Key, int Samples, int BlockSize, SortedDictionary<string, string> Facts, IReadOnlyList<int>? Starts = null)
{
    /// <summary>Every block is looked for, so that a number that no stage writes would take hours.</summary>
    const int MostBlocks = 1_000_000;

    /// <summary>Number of blocks.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Blocks => Starts?.Count ?? (int)(((long)Samples + BlockSize - 1) / BlockSize);

    /// <exception cref="StoreException">Numbers that no stage writes: fewer than 0 questions, blocks of fewer than 1 or of more than the block
    /// size.</exception>
    public StoreManifest Checked(string path)
    {
        if (Samples < 0 || BlockSize < 1)
            throw new StoreException($"{path} names {Samples} questions in blocks of {BlockSize}; expected 0 or more in blocks of at least 1. Run the stage "
                + "again.");
        if (Blocks > MostBlocks)
            throw new StoreException($"{path} names {Samples} questions in blocks of {BlockSize}, which are {Blocks} blocks; expected at most {MostBlocks}. "
                + "Run the stage again.");
        var at = 0;
        foreach (var end in Starts is { Count: > 0 } ? Starts.Skip(1).Append(Samples) : [])
        {
            if (Starts![0] != 0 || end <= at || end - at > BlockSize)
                throw new StoreException($"{path} names a block of questions {(Starts[0] == 0 ? at : Starts[0])} to {end - 1}; expected blocks of 1 to "
                    + $"{BlockSize}, from question 0 on. Run the stage again.");
            at = end;
        }
        return Starts is null || at == Samples ? this
            : throw new StoreException($"{path} names blocks of {at} questions, and {Samples} questions. Run the stage again.");
    }

    /// <summary>A fact of the key.</summary>
    /// <exception cref="StoreException">It is not there.</exception>
    public string Fact(string name) => Facts.TryGetValue(name, out var value) ? value
        : throw new StoreException($"the {Stage} stage's {BlockStore.ManifestFile} does not say {name}: it is of another version. Run the stage again.");

    /// <summary>A fact that counts something.</summary>
    /// <exception cref="StoreException">It is not there, or is no number from 1 to <paramref name="most"/>.</exception>
    public int Count(string name, int most = 1 << 20) =>
        int.TryParse(Fact(name), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= most ? count
        : throw Wrong(name, $"a whole number from 1 to {most}");

    /// <summary>A fact that measures something.</summary>
    /// <exception cref="StoreException">It is not there, or is no finite number.</exception>
    public double Number(string name) =>
        double.TryParse(Fact(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : throw Wrong(name, "a number");

    /// <summary>A fact that seeds random draws.</summary>
    /// <exception cref="StoreException">It is not there, or is no such number.</exception>
    public ulong Seed(string name) => ulong.TryParse(Fact(name), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw Wrong(name, "a whole number, 0 or more");

    StoreException Wrong(string name, string expected) =>
        new($"the {Stage} stage's {BlockStore.ManifestFile} says {name} = \"{Facts[name]}\"; expected {expected}. Run the stage again.");

    /// <summary>The key that the facts make, for comparison with <see cref="Key"/>.</summary>
    public RunKey RunKey() => new(Stage, Facts);
}

/// <summary>Everything that results depend on, as named facts. Two runs may share results if and only if all facts are equal.</summary>
public sealed class RunKey
{
    readonly SortedDictionary<string, string> facts;

    /// <param name="stage">trace or intervene.</param>
    /// <param name="facts">Names and values, as text that is equal when the facts are.</param>
    public RunKey(string stage, IEnumerable<KeyValuePair<string, string>> facts)
    {
        Stage = stage;
        this.facts = new SortedDictionary<string, string>(facts.ToDictionary(f => f.Key, f => f.Value), StringComparer.Ordinal);
        Hash = Sha256Hex.Of(stage + "\n" + JsonSerializer.Serialize(this.facts));
    }

    public string Stage { get; }

    /// <summary>By name, in order.</summary>
    public IReadOnlyDictionary<string, string> Facts => facts;

    /// <summary>SHA-256 over stage and facts, 64 hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>Name of the folder that results under this key lie in.</summary>
    public string FolderName => Hash[..16];

    /// <summary>The facts in which two keys differ, for messages.</summary>
    public string Differences(RunKey other) => string.Join("; ", facts.Keys.Union(other.facts.Keys).Order(StringComparer.Ordinal)
        .Where(name => facts.GetValueOrDefault(name) != other.facts.GetValueOrDefault(name))
        .Select(name => $"{name}: {facts.GetValueOrDefault(name) ?? "none"} and {other.facts.GetValueOrDefault(name) ?? "none"}"));
}
