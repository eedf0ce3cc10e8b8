namespace Vrp.Harness.Statistics;

/// <summary>AUROC that compares rows of one stratum (question kind) only, pooled over strata with fixed weights, with images as the independent units.
/// A score that merely tells easy kinds from hard ones is at 0.5 here, whatever it reaches on the pooled rows.</summary>
/// <remarks>A = Σ_s w_s A_s, w_s ∝ n₁n₀/(n₁+n₀) of the stratum (van Elteren 1960: the weights that are best where all A_s are alike). An image's influence is
/// the sum over its rows, of all strata, of w_s (V − A_s)/n_class; var = G/(G−1) Σ_g influence². With one stratum this is <see cref="ClusteredAuroc"/>, and
/// that is what is called.</remarks>
public static class StratifiedAuroc
{
    const string Name = "stratified AUROC";

    /// <summary>The pooled AUROC with its interval on the logit scale, t with (images that have both a stratum's positives and negatives to compare, the fewer
    /// of the two) − 1 degrees.</summary>
    /// <param name="labels">True = positive.</param>
    /// <param name="scores">Higher = more positive; comparable within a stratum only.</param>
    /// <param name="strata">Stratum id of every row.</param>
    /// <param name="groups">The image of every row.</param>
    /// <param name="level">Level.</param>
    /// <exception cref="OneClassException">A stratum of one class: leave it out, and say so.</exception>
    public static Estimate Interval(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores, ReadOnlySpan<int> strata, Groups groups, double level = 0.95)
    {
        Check.Level(Name, level);
        if (Single(strata)) return ClusteredAuroc.Interval(labels, scores, groups, level);
        var (auroc, error, degrees) = Compute(labels, scores, null, strata, groups);
        var half = Distribution.StudentCritical(level, degrees) * error;
        if (auroc is 0 or 1)
        {
            var bound = Math.Pow((1 - level) / 2, 1.0 / (degrees + 1));
            return new Estimate(auroc, auroc == 1 ? bound : 0, auroc == 1 ? 1 : 1 - bound, level, labels.Length, groups.Count,
                "stratified-auroc-perfect-exact-bound");
        }

        half /= auroc * (1 - auroc);
        var logit = Math.Log(auroc / (1 - auroc));
        return new Estimate(auroc, Logistic(logit - half), Logistic(logit + half), level, labels.Length, groups.Count, "stratified-auroc-clustered-logit");
    }

    /// <summary>Paired difference of two scores on the same rows, a − b, with a Wald interval and its two-sided p.</summary>
    /// <exception cref="OneClassException">A stratum of one class.</exception>
    public static (Estimate Difference, double P) Paired(ReadOnlySpan<bool> labels, ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<int> strata,
        Groups groups, double level = 0.95)
    {
        Check.Level(Name, level);
        if (Single(strata)) return ClusteredAuroc.Paired(labels, a, b, groups, level);
        var (difference, error, degrees) = Compute(labels, a, b.ToArray(), strata, groups);
        var half = Distribution.StudentCritical(level, degrees) * error;
        var p = error > 0 ? Distribution.StudentTwoSided(difference / error, degrees) : difference == 0 ? 1 : 0;
        return (new Estimate(difference, difference - half, difference + half, level, labels.Length, groups.Count, "stratified-auroc-clustered-paired"), p);
    }

    static bool Single(ReadOnlySpan<int> strata)
    {
        foreach (var stratum in strata)
            if (stratum != strata[0]) return false;
        return true;
    }

    static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    static (double Value, double Error, int Degrees) Compute(ReadOnlySpan<bool> labels, ReadOnlySpan<double> a, double[]? b, ReadOnlySpan<int> strata,
        Groups groups)
    {
        Check.NotEmpty(Name, labels.Length);
        Check.SameLength(Name, "scores", labels.Length, a.Length);
        Check.SameLength(Name, "strata", labels.Length, strata.Length);
        Check.SameLength(Name, "groups", labels.Length, groups.Length);
        Check.AtLeast(Name, "groups", 2, groups.Count);
        var influence = new double[groups.Count];
        var (withPositives, withNegatives) = (new bool[groups.Count], new bool[groups.Count]);
        var parts = new List<(double Weight, double Value, int[] Rows, double[] Components, int Positives, int Negatives)>();
        foreach (var rows in RowsOf(strata))
        {
            var (y, x) = (new bool[rows.Length], new double[rows.Length]);
            for (var i = 0; i < rows.Length; i++) (y[i], x[i]) = (labels[rows[i]], a[rows[i]]);
            var (positives, negatives) = Check.Binary(Name, y, x);
            var placements = Placements.Compute(y, x, positives, negatives);
            var (value, components) = (placements.Auroc, placements.Of);
            if (b is not null)
            {
                double[] other = [.. rows.Select(row => b[row])];
                Check.Binary(Name, y, other);
                var second = Placements.Compute(y, other, positives, negatives);
                value -= second.Auroc;
                components = [.. components.Zip(second.Of, (p, q) => p - q)];
            }

            parts.Add((positives * (double)negatives / rows.Length, value, rows, components, positives, negatives));
        }

        var total = parts.Sum(part => part.Weight);
        var pooled = parts.Sum(part => part.Weight * part.Value) / total;
        foreach (var (weight, value, rows, components, positives, negatives) in parts)
            for (var i = 0; i < rows.Length; i++)
            {
                var group = groups.Of[rows[i]];
                influence[group] += weight / total * (components[i] - value) / (labels[rows[i]] ? positives : negatives);
                (labels[rows[i]] ? withPositives : withNegatives)[group] = true;
            }

        var smaller = Math.Min(withPositives.Count(x => x), withNegatives.Count(x => x));
        Check.AtLeast(Name, "groups with rows of either class", 2, smaller);
        return (pooled, Math.Sqrt(groups.Count / (groups.Count - 1.0) * influence.Sum(u => u * u)), smaller - 1);
    }

    static IEnumerable<int[]> RowsOf(ReadOnlySpan<int> strata) =>
        strata.ToArray().Select((stratum, row) => (stratum,
            row)).GroupBy(pair => pair.stratum).OrderBy(g => g.Key).Select(g => g.Select(pair => pair.row).ToArray());
}
