using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vrp.Harness.Claims;

namespace Vrp.Harness.Snapshots;

/// <summary>One line of a snapshot: an estimate to six digits.</summary>
/// <param name="Value">The value, in the measure's unit.</param>
/// <param name="Low">Lower end of the interval; null for a point.</param>
/// <param name="High">Upper end.</param>
/// <param name="Level">The interval's level; null for a point.</param>
/// <param name="N">Rows.</param>
/// <param name="Groups">Images among them.</param>
/// <param name="Method">Estimator and interval.</param>
/// <param name="Seed">Of the draws, or null.</param>
public sealed record SnapshotMetric(double Value, double? Low, double? High, double? Level, int N, int Groups, string Method, ulong? Seed)
{
    /// <summary>The name of a row within its claim: "auroc [yes-no, layer 03, l2]". Layers have two digits, so that sorted lines are sorted layers.</summary>
    public static string Name(StudyEstimate row) =>
        $"{row.Measure} [{string.Join(", ", new[] { row.Kind, row.Layer is { } layer ? $"layer {layer:00}" : null, row.Arm }.OfType<string>())}]";

    /// <summary>The family that its tolerance is measured for.</summary>
    public static string Family(StudyEstimate row) => $"{row.Claim}/{row.Measure}";

    /// <summary>The same, from a line's name.</summary>
    internal static string Family(string claim, string name) => $"{claim}/{name[..name.IndexOf(" [", StringComparison.Ordinal)]}";

    /// <summary>A line's name without its layer: what is left of it when a choice falls on another layer.</summary>
    internal static string WithoutLayer(string name) => Regex.Replace(name, @"layer \d+", "layer");

    /// <exception cref="SnapshotException">A value or an end is not finite.</exception>
    public static SnapshotMetric Of(StudyEstimate row)
    {
        var (estimate, name) = (row.Estimate, $"{row.Claim}: {Name(row)}");
        var interval = estimate.HasInterval;
        return new(SnapshotNumber.Round(estimate.Value, name), interval ? SnapshotNumber.Round(estimate.Low, $"{name}, lower end") : null,
            interval ? SnapshotNumber.Round(estimate.High, $"{name}, upper end") : null,
                interval ? estimate.Level : null, estimate.N, estimate.Groups, estimate.Method, estimate.Seed);
    }

    internal JsonObject ToJson() => SnapshotText.Sorted(("value", Value), ("low", Low), ("high", High), ("level", Level),
        ("n", N), ("groups", Groups), ("method", Method), ("seed", Seed));

    internal static SnapshotMetric Read(JsonNode node) => new((double)node["value"]!, (double?)node["low"], (double?)node["high"],
        (double?)node["level"], (int)node["n"]!, (int)node["groups"]!,
        (string)node["method"]!, (ulong?)node["seed"]);
}
