using System.Globalization;

namespace Vrp.Harness.Snapshots;

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
            yield return new(name, field, Text(b), Text(a), SnapshotNumber.Signed(a - b), allowed.Value.ToString("G3", CultureInfo.InvariantCulture),
                allowed.Rule);
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
