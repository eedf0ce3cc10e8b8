using System.Globalization;
using System.Text.Json.Nodes;
using Vrp.Models.Storage;

namespace Vrp.Harness.Snapshots;

/// <summary>How far a metric may move without being called another: the larger of what its family was measured to move by when nothing but the kernels changed,
/// and a stated share of the half-width of its own verified interval. What is small against its own uncertainty is no change.</summary>
/// <remarks>The file, made by <c>vrp noise --tolerances FILE</c>: {"floors": {"cpu-float32 fusion/auroc": 0.00012, "cpu-float32 hidden-state-probe/best_layer":
/// 0, …}, "schema": 2, "share": 0.1}. A floor of null was measured and is not stable. Without a file the share alone holds.</remarks>
public sealed class SnapshotTolerances
{
    /// <summary>The floor of the label snapshot: how many labels may differ.</summary>
    public const string Labels = "labels";

    /// <summary>The floor of which lines a claim has: a number where no run had others, so that a probe at another layer is a change.</summary>
    public const string Lines = "lines";

    /// <summary>The share where no file states one.</summary>
    public const double DefaultShare = 0.1;

    readonly SortedDictionary<string, SortedDictionary<string, double?>> profiles = new(StringComparer.Ordinal);

    /// <summary>The default share, and no floor.</summary>
    public static SnapshotTolerances Default { get; } = new(DefaultShare);

    SnapshotTolerances(double share) => Share = double.IsFinite(share) && share is >= 0 and < 1 ? share
        : throw new SnapshotException($"a share of {share.ToString(CultureInfo.InvariantCulture)} of the half-width: expected a number from 0 to below 1.");

    /// <summary>Of the half-width of a metric's verified interval.</summary>
    public double Share { get; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="SnapshotException">Missing, damaged, or a number that is negative or not finite.</exception>
    public static SnapshotTolerances Read(string path)
    {
        if (!File.Exists(path))
            throw new SnapshotException($"{path} is missing: expected the tolerances that `vrp noise --out FOLDER --tolerances {path}` writes.");
        try
        {
            return SnapshotText.Read(FileDoor.ReadAllText(path), Parse);
        }
        catch (SnapshotException error)
        {
            throw new SnapshotException($"{path} {error.Message}", error);
        }
    }

    /// <summary>The same with one profile's floors replaced.</summary>
    /// <param name="profile">Device and precision.</param>
    /// <param name="floors">By family ("claim/measure"); null: measured, and not stable.</param>
    /// <exception cref="SnapshotException">A floor that is negative or not finite.</exception>
    public SnapshotTolerances With(string profile, IReadOnlyDictionary<string, double?> floors)
    {
        var made = new SnapshotTolerances(Share);
        foreach (var (name, values) in profiles) made.profiles[name] = values;
        foreach (var (family, value) in floors)
            if (value is { } number && !(double.IsFinite(number) && number >= 0))
                throw new SnapshotException($"the floor of {family} for {profile} is {number.ToString(CultureInfo.InvariantCulture)}: "
                    + "expected a number of 0 or more, or null.");
        made.profiles[profile] = new SortedDictionary<string, double?>(floors.ToDictionary(), StringComparer.Ordinal);
        return made;
    }

    /// <summary>The same with another share.</summary>
    /// <exception cref="SnapshotException">Not from 0 to below 1.</exception>
    public SnapshotTolerances WithShare(double share) =>
        profiles.Aggregate(new SnapshotTolerances(share), (all, profile) => all.With(profile.Key, profile.Value));

    /// <summary>The measured floor of a family; null where none was measured or it is not stable.</summary>
    public double? Floor(string profile, string family) => profiles.GetValueOrDefault(profile)?.GetValueOrDefault(family);

    /// <summary>How far a value and its ends may move, and by which rule; null for a count or a choice (no interval) that is not known to be stable, which
    /// is information and is not judged.</summary>
    /// <param name="profile">Of this run.</param>
    /// <param name="family">"claim/measure".</param>
    /// <param name="verified">The metric as it was accepted: a wider interval of this run excuses nothing.</param>
    internal Allowance? For(string profile, string family, SnapshotMetric verified)
    {
        var floor = Floor(profile, family);
        if (verified.Low is not { } low || verified.High is not { } high) return floor is { } known ? Allowance.OfFloor(known, family, profile) : null;
        return Allowance.Larger(Allowance.OfFloor(floor ?? 0, family, profile), Allowance.OfShare(Share, (high - low) / 2));
    }

    /// <summary>How many labels may differ: the same rule, with the half-width of the number of right answers among as many independent questions.</summary>
    internal Allowance ForLabels(string profile, int correct, int count)
    {
        var half = count == 0 ? 0 : 1.96 * Math.Sqrt(correct * (double)(count - correct) / count);
        return Allowance.Larger(Allowance.OfFloor(Floor(profile, Labels) ?? 0, Labels, profile), Allowance.OfShare(Share, half));
    }

    /// <summary>The file's text: one profile after the other, a family a line.</summary>
    public string Text() => SnapshotText.Of(new Dictionary<string, JsonNode?> { ["share"] = Share }, "floors",
        profiles.SelectMany(profile => profile.Value.Select(family => KeyValuePair.Create($"{profile.Key} {family.Key}",
            family.Value is { } value ? (JsonNode?)JsonValue.Create(value) : null))));

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write(string path) => SnapshotText.Write(path, Text());

    static SnapshotTolerances Parse(JsonNode root)
    {
        var byProfile = root["floors"]!.AsObject().Select(pair => (Parts: pair.Key.Split(' ', 2), Value: (double?)pair.Value)).GroupBy(entry => entry.Parts[0]);
        return byProfile.Aggregate(new SnapshotTolerances((double)root["share"]!),
            (all, group) => all.With(group.Key, group.ToDictionary(entry => entry.Parts.Length == 2 ? entry.Parts[1] :
                throw new FormatException($"\"{entry.Parts[0]}\" names no family"), entry => entry.Value)));
    }
}

/// <summary>How far a figure may move, and the rule that says so.</summary>
/// <param name="Value">In the figure's unit.</param>
/// <param name="Rule">For the failure text.</param>
readonly record struct Allowance(double Value, string Rule)
{
    public static Allowance OfFloor(double floor, string family, string profile) => new(floor, $"noise floor of {family}, {profile}");

    public static Allowance OfShare(double share, double half) =>
        new(share * half, string.Create(CultureInfo.InvariantCulture, $"{share:0.##%} of its half-width {SnapshotNumber.Text(half)}"));

    /// <summary>Two numbers that only round differently are the same.</summary>
    public static Allowance OfDigits(double was, double now) => new(SnapshotNumber.Unit(was, now), "the sixth digit");

    public static Allowance Larger(Allowance one, Allowance other) => other.Value > one.Value ? other : one;
}
