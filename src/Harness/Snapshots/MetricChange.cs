namespace Vrp.Harness.Snapshots;

/// <summary>One field of a metric that moved by more than is allowed, or that may not move at all.</summary>
/// <param name="Metric">The line's name.</param>
/// <param name="Field">value, low, high, n, groups, method, level, seed, tolerance, or "line" for one that is new or gone.</param>
/// <param name="Was">As verified.</param>
/// <param name="Is">As received.</param>
/// <param name="Difference">Received minus verified, for numbers.</param>
/// <param name="Allowed">In words: a number, or "same".</param>
sealed record MetricChange(string Metric, string Field, string Was, string Is, string Difference, string Allowed)
{
    /// <summary>The changes of one metric. A value and its ends may move by the tolerance that the verified line states for this profile; nothing else may move.</summary>
    public static IEnumerable<MetricChange> Between(string name, SnapshotMetric was, SnapshotMetric now, string profile)
    {
        var tolerance = was.Tolerance.GetValueOrDefault(profile);
        foreach (var (field, before, after) in new[] { ("value", (double?)was.Value, (double?)now.Value), ("low", was.Low, now.Low), ("high", was.High, now.High) })
        {
            if (before is null && after is null) continue;
            if (before is not { } b || after is not { } a)
            {
                yield return new(name, field, Text(before), Text(after), "", "same");
                continue;
            }

            // The slack is that of subtracting two decimal numbers in binary.
            var allowed = Math.Max(tolerance, SnapshotNumber.Unit(b, a));
            if (Math.Abs(a - b) > allowed * (1 + 1e-9)) yield return new(name, field, Text(b), Text(a), SnapshotNumber.Signed(a - b), SnapshotNumber.Text(allowed));
        }

        foreach (var (field, before, after) in new[]
        {
            ("n", Text(was.N), Text(now.N)), ("groups", Text(was.Groups), Text(now.Groups)), ("method", was.Method, now.Method), ("level", Text(was.Level), Text(now.Level)),
            ("seed", Text(was.Seed), Text(now.Seed)), ("tolerance", Text(was.Tolerance), Text(now.Tolerance)),
        })
            if (before != after) yield return new(name, field, before, after, "", "same");
    }

    /// <summary>The largest share of what is allowed that value or ends moved by; for "N others are within tolerance".</summary>
    public static double Share(SnapshotMetric was, SnapshotMetric now, string profile)
    {
        var tolerance = was.Tolerance.GetValueOrDefault(profile);
        return new[] { (was.Value, now.Value), (was.Low ?? 0, now.Low ?? 0), (was.High ?? 0, now.High ?? 0) }
            .Max(pair => pair.Item1 == pair.Item2 ? 0 : Math.Abs(pair.Item1 - pair.Item2) / Math.Max(tolerance, SnapshotNumber.Unit(pair.Item1, pair.Item2)));
    }

    static string Text(double? value) => value is { } number ? SnapshotNumber.Text(number) : "none";

    static string Text(ulong? value) => value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none";

    static string Text(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    static string Text(IReadOnlyDictionary<string, double> tolerances) => tolerances.Count == 0 ? "none"
        : string.Join(" ", tolerances.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{SnapshotNumber.Text(pair.Value)}"));
}
