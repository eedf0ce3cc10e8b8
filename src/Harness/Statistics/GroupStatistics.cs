namespace Vrp.Harness.Statistics;

/// <summary>A statistic of a resampled data set in which group g occurs <c>counts[g]</c> times. It returns NaN where the resample has none (one class only):
/// that draw is drawn again. Called from several threads at once.</summary>
public delegate double GroupStatistic(ReadOnlySpan<int> counts);

/// <summary>Statistics in the form that <see cref="ClusteredBootstrap"/> draws: everything that does not depend on the draw is computed once, so a draw costs
/// O(groups) for means and correlations and O(rows), without sorting, for AUROCs.</summary>
public static partial class GroupStatistics
{
    /// <summary>Mean over rows (accuracy of 0/1 values, or a paired difference).</summary>
    /// <exception cref="NotFiniteException">A NaN or an infinity.</exception>
    public static GroupStatistic Mean(ReadOnlySpan<double> values, Groups groups) => Ratio(values, Enumerable.Repeat(1.0, values.Length).ToArray(), groups);

    /// <summary>Σ numerator / Σ denominator over rows, for example precision (numerator: right and chosen, denominator: chosen). NaN in a draw whose
    /// denominators sum to 0.</summary>
    /// <exception cref="NotFiniteException">A NaN or an infinity.</exception>
    public static GroupStatistic Ratio(ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator, Groups groups)
    {
        var above = Sums("clustered ratio", numerator, groups);
        var under = Sums("clustered ratio", denominator, groups);
        return counts =>
        {
            double a = 0, b = 0;
            for (var g = 0; g < counts.Length; g++) (a, b) = (a + counts[g] * above[g], b + counts[g] * under[g]);
            return b != 0 ? a / b : double.NaN;
        };
    }

    /// <summary>Pearson's r (with 0/1 labels: R_pb). NaN in a draw in which an input does not vary.</summary>
    /// <exception cref="NotFiniteException">A NaN or an infinity.</exception>
    public static GroupStatistic Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Groups groups)
    {
        Check.SameLength("clustered correlation", "y", x.Length, y.Length);
        // Centred first: sums of squares of raw values would lose the digits that matter.
        var (u, v) = (Centred(x), Centred(y));
        double[] Product(double[] a, double[] b) => Sums("clustered correlation", [.. a.Zip(b, (p, q) => p * q)], groups);
        var n = Sums("clustered correlation", [.. u.Select(_ => 1.0)], groups);
        var (sx, sy, xx, yy, xy) = (Sums("clustered correlation", u, groups), Sums("clustered correlation", v, groups), Product(u, u), Product(v, v),
            Product(u, v));
        return counts =>
        {
            double rows = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
            for (var g = 0; g < counts.Length; g++)
            {
                double k = counts[g];
                rows += k * n[g];
                a += k * sx[g];
                b += k * sy[g];
                aa += k * xx[g];
                bb += k * yy[g];
                ab += k * xy[g];
            }

            double varianceX = aa - a * a / rows, varianceY = bb - b * b / rows;
            return varianceX > 1e-14 * aa && varianceY > 1e-14 * bb ? (ab - a * b / rows) / Math.Sqrt(varianceX * varianceY) : double.NaN;
        };
    }

    /// <summary>AUROC. NaN in a draw of one class.</summary>
    /// <exception cref="OneClassException">The data have one class only.</exception>
    public static GroupStatistic Auroc(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores, Groups groups)
    {
        Check.Binary("clustered AUROC draws", labels, scores);
        Check.SameLength("clustered AUROC draws", "groups", labels.Length, groups.Length);
        var order = Ranks.Order(scores);
        // all bits or none: labels have no order that a branch could be guessed from
        var positive = new int[order.Length];
        var group = new int[order.Length];
        var endsTie = new bool[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            (positive[i], group[i]) = (labels[order[i]] ? -1 : 0, groups.Of[order[i]]);
            endsTie[i] = i + 1 == order.Length || scores[order[i + 1]] != scores[order[i]];
        }

        return counts =>
        {
            long below = 0, tiedPositives = 0, tiedNegatives = 0, allPositives = 0, twice = 0;   // integers: exact, so no order of summation can show
            for (var i = 0; i < group.Length; i++)
            {
                var weight = counts[group[i]];
                tiedPositives += weight & positive[i];
                tiedNegatives += weight & ~positive[i];
                if (!endsTie[i]) continue;
                twice += tiedPositives * (2 * below + tiedNegatives);
                below += tiedNegatives;
                allPositives += tiedPositives;
                tiedPositives = tiedNegatives = 0;
            }

            return allPositives > 0 && below > 0 ? twice / (2.0 * allPositives * below) : double.NaN;
        };
    }

    /// <summary>Difference of two statistics on the same draw (a paired comparison).</summary>
    public static GroupStatistic Difference(GroupStatistic first, GroupStatistic second) => counts => first(counts) - second(counts);

    static double[] Sums(string operation, ReadOnlySpan<double> values, Groups groups)
    {
        Check.NotEmpty(operation, values.Length);
        Check.SameLength(operation, "groups", values.Length, groups.Length);
        Check.Finite(operation, "values", values);
        var sums = new double[groups.Count];
        for (var i = 0; i < values.Length; i++) sums[groups.Of[i]] += values[i];
        return sums;
    }

    static double[] Centred(ReadOnlySpan<double> values)
    {
        var mean = 0.0;
        foreach (var value in values) mean += value / values.Length;
        var centred = values.ToArray();
        for (var i = 0; i < centred.Length; i++) centred[i] -= mean;
        return centred;
    }
}
