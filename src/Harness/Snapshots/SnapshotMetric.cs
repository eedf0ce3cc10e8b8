using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vrp.Harness.Claims;
using Vrp.Harness.Running;

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

/// <summary>One field of a metric that moved by more than is allowed, or that may not move at all.</summary>
/// <param name="Metric">The line's name.</param>
/// <param name="Field">value, low, high, n, groups, method, level, seed, or "line" for one that is new or gone.</param>
/// <param name="Was">As verified.</param>
/// <param name="Is">As received.</param>
/// <param name="Difference">Received minus verified, for numbers.</param>
/// <param name="Allowed">In words: a number, or "same".</param>
/// <param name="Rule">What allows that much.</param>
sealed record MetricChange(string Metric, string Field, string Was, string Is, string Difference, string Allowed, string Rule)
{
    const int DifferenceDigits = 3;

    /// <summary>The changes of one metric: a value and its ends may move by the allowance; nothing else may move.</summary>
    public static IEnumerable<MetricChange> Between(string name, SnapshotMetric was, SnapshotMetric now, Allowance allowance)
    {
        foreach (var (field, before, after) in Numbers(was, now))
        {
            if (before is null && after is null) continue;
            if (before is not { } b || after is not { } a)
            {
                yield return new(name, field, Text(before), Text(after), "", "same", "");
                continue;
            }

            // The slack is that of subtracting two decimal numbers in binary.
            var allowed = Allowance.Larger(allowance, Allowance.OfDigits(b, a));
            if (Math.Abs(a - b) <= allowed.Value * (1 + 1e-9)) continue;
            yield return new(name, field, Text(b), Text(a), NumberText.SignedSignificant(a - b, DifferenceDigits),
                NumberText.Significant(allowed.Value, DifferenceDigits), allowed.Rule);
        }

        foreach (var (field, before, after) in new[]
        {
            ("n", Text(was.N), Text(now.N)), ("groups", Text(was.Groups), Text(now.Groups)), ("method", was.Method, now.Method),
            ("level", Text(was.Level), Text(now.Level)), ("seed", Text(was.Seed), Text(now.Seed)),
        })
            if (before != after) yield return new(name, field, before, after, "", "same", "");
    }

    /// <summary>The largest share of what is allowed that value or ends moved by; for "N others moved within what is allowed".</summary>
    public static double Share(SnapshotMetric was, SnapshotMetric now, Allowance allowance) => Numbers(was, now)
        .Max(pair => pair is { Was: { } b, Now: { } a } && a != b ? Math.Abs(a - b) / Allowance.Larger(allowance, Allowance.OfDigits(b, a)).Value : 0);

    static (string Field, double? Was, double? Now)[] Numbers(SnapshotMetric was, SnapshotMetric now) =>
        [("value", was.Value, now.Value), ("low", was.Low, now.Low), ("high", was.High, now.High)];

    static string Text(double? value) => value is { } number ? SnapshotNumber.Text(number) : "none";

    static string Text(ulong? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "none";

    static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Numbers as snapshots hold them: six significant digits. More would show the processor's noise in every pull request, fewer would hide a change that
/// counts.</summary>
static class SnapshotNumber
{
    const int Digits = 6;

    /// <summary>The nearest number of six significant digits; −0 becomes 0. What is not finite is not a measurement.</summary>
    /// <exception cref="SnapshotException">NaN or infinite; <paramref name="what"/> names it.</exception>
    public static double Round(double value, string what)
    {
        if (!double.IsFinite(value))
            throw new SnapshotException($"{what} is {value.ToString(CultureInfo.InvariantCulture)}: "
                + "a snapshot holds measured numbers only. A missing measure makes the claim NotRun.");
        return double.Parse(value.ToString($"G{Digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + 0.0;
    }

    /// <summary>One unit of the sixth digit of the larger number: two numbers that only round differently are this far apart.</summary>
    public static double Unit(double was, double now)
    {
        var size = Math.Max(Math.Abs(was), Math.Abs(now));
        return size > 0 ? Math.Pow(10, Math.Floor(Math.Log10(size)) - (Digits - 1)) : 0;
    }

    /// <summary>Six digits, for tables.</summary>
    public static string Text(double value) => NumberText.Significant(value, Digits);
}
