using System.Text.Json.Nodes;

namespace Vrp.Harness.Snapshots;

/// <summary>How far a metric may move without being called another: by numerics profile and by family of metrics ("claim/measure"), from the noise floor that <c>vrp noise</c> measured.
/// What was not measured has no tolerance, and is held to the six digits of the file.</summary>
/// <remarks>The file, made by <c>vrp noise --tolerances FILE</c>: {"schema": 1, "tolerances": {"cpu-float32 fusion/auroc": 0.0012, …, "cpu-float32 labels": 0}}.</remarks>
public sealed class SnapshotTolerances
{
    /// <summary>The family of the sample snapshot: how many labels may differ.</summary>
    public const string Labels = "labels";

    readonly SortedDictionary<string, SortedDictionary<string, double>> profiles = new(StringComparer.Ordinal);

    /// <summary>No tolerance at all.</summary>
    public static SnapshotTolerances None { get; } = new();

    SnapshotTolerances()
    {
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="SnapshotException">Missing, damaged, or a tolerance that is negative or not finite.</exception>
    public static SnapshotTolerances Read(string path)
    {
        if (!File.Exists(path)) throw new SnapshotException($"{path} is missing: expected the tolerances that `vrp noise CHECKPOINT --data FILE --tolerances {path}` writes.");
        try
        {
            return SnapshotText.Read(File.ReadAllText(path), Parse);
        }
        catch (SnapshotException error)
        {
            throw new SnapshotException($"{path} {error.Message}", error);
        }
    }

    /// <summary>The same with one profile's tolerances replaced.</summary>
    /// <exception cref="SnapshotException">A tolerance that is negative or not finite.</exception>
    public SnapshotTolerances With(string profile, IReadOnlyDictionary<string, double> families)
    {
        var made = new SnapshotTolerances();
        foreach (var (name, values) in profiles) made.profiles[name] = values;
        foreach (var (family, value) in families)
            if (!(double.IsFinite(value) && value >= 0)) throw new SnapshotException($"the tolerance of {family} for {profile} is {value}: expected a number of 0 or more.");
        made.profiles[profile] = new SortedDictionary<string, double>(families.ToDictionary(), StringComparer.Ordinal);
        return made;
    }

    /// <summary>By profile, the tolerance of a family; profiles that did not measure it are absent.</summary>
    public SortedDictionary<string, double> For(string family) =>
        new(profiles.Where(pair => pair.Value.ContainsKey(family)).ToDictionary(pair => pair.Key, pair => pair.Value[family]), StringComparer.Ordinal);

    /// <summary>The file's text: one profile after the other, a family a line.</summary>
    public string Text() => SnapshotText.Of(new Dictionary<string, JsonNode?>(), "tolerances",
        profiles.SelectMany(profile => profile.Value.Select(family => KeyValuePair.Create($"{profile.Key} {family.Key}", (JsonNode?)JsonValue.Create(family.Value)))));

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write(string path) => SnapshotText.Write(path, Text());

    static SnapshotTolerances Parse(JsonNode root)
    {
        var byProfile = root["tolerances"]!.AsObject().Select(pair => (Parts: pair.Key.Split(' ', 2), Value: (double)pair.Value!)).GroupBy(entry => entry.Parts[0]);
        return byProfile.Aggregate(None, (all, group) => all.With(group.Key, group.ToDictionary(entry => entry.Parts.Length == 2 ? entry.Parts[1] : throw new FormatException($"\"{entry.Parts[0]}\" names no family"), entry => entry.Value)));
    }
}
