namespace Vrp.Harness.Statistics;

/// <summary>A statistic of a resampled data set in which group g occurs <c>counts[g]</c> times. It returns NaN where the resample has none (one class only):
/// that draw is drawn again. Called from several threads at once.</summary>
public delegate double GroupStatistic(ReadOnlySpan<int> counts);

/// <summary>Statistics in the form that <see cref="ClusteredBootstrap"/> draws: everything that does not depend on the draw is computed once, so a draw costs
/// O(groups) for means and correlations and O(rows), without sorting, for AUROCs.</summary>
public static class GroupStatistics
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

    /// <summary>Share wrong among the rows that a score is surest of. A coverage that ends inside a run of equal scores takes its share of them, so the order
    /// of ties does not matter.</summary>
    /// <param name="correct">Right answers.</param>
    /// <param name="scores">Higher = surer.</param>
    /// <param name="coverage">Share of rows kept, 0 &lt; coverage ≤ 1.</param>
    /// <param name="groups">The image of every row.</param>
    /// <exception cref="EmptyInputException">No rows. NaN: <see cref="NotFiniteException"/>; a coverage outside (0, 1]:
    /// <see cref="OutOfDomainException"/>.</exception>
    public static GroupStatistic RiskAt(ReadOnlySpan<bool> correct, ReadOnlySpan<double> scores, double coverage, Groups groups)
    {
        const string name = "clustered risk at a coverage";
        Check.NotEmpty(name, correct.Length);
        Check.SameLength(name, "scores", correct.Length, scores.Length);
        Check.SameLength(name, "groups", correct.Length, groups.Length);
        Check.Finite(name, "scores", scores);
        Check.Domain(name, "coverage", "above 0 and at most 1", coverage, coverage is > 0 and <= 1);
        var order = Ranks.OrderDescending(scores);
        var (wrong, group, endsTie) = (new bool[order.Length], new int[order.Length], new bool[order.Length]);
        for (var i = 0; i < order.Length; i++)
        {
            (wrong[i], group[i]) = (!correct[order[i]], groups.Of[order[i]]);
            endsTie[i] = i + 1 == order.Length || scores[order[i + 1]] != scores[order[i]];
        }

        return counts =>
        {
            long rows = 0, kept = 0, errors = 0, tied = 0, tiedErrors = 0;
            for (var i = 0; i < group.Length; i++) rows += counts[group[i]];
            var wanted = coverage * rows;
            for (var i = 0; i < group.Length; i++)
            {
                long weight = counts[group[i]];
                tied += weight;
                if (wrong[i]) tiedErrors += weight;
                if (!endsTie[i]) continue;
                if (tied > 0 && kept + tied >= wanted - 1e-9) return (errors + tiedErrors * (wanted - kept) / tied) / wanted;
                kept += tied;
                errors += tiedErrors;
                tied = tiedErrors = 0;
            }

            return double.NaN;   // a resample of no rows
        };
    }

    /// <summary>Expected calibration error over equal-width bins, as <see cref="Calibration.ExpectedError"/>. It is biased upwards, in a resample more than in
    /// the data: an interval of it is reported and decides nothing.</summary>
    /// <exception cref="EmptyInputException">No rows. A probability outside 0 … 1 or NaN: <see cref="OutOfDomainException"/>.</exception>
    public static GroupStatistic ExpectedCalibrationError(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities, Groups groups, int bins = 10)
    {
        const string name = "clustered calibration error";
        Check.SameLength(name, "groups", labels.Length, groups.Length);
        _ = Calibration.ExpectedError(labels, probabilities, bins);   // validates
        var (rows, gap) = (new double[groups.Count * bins], new double[groups.Count * bins]);
        for (var i = 0; i < labels.Length; i++)
        {
            var bin = 0;
            while (bin < bins - 1 && probabilities[i] > (bin + 1) * (1.0 / bins)) bin++;
            rows[groups.Of[i] * bins + bin]++;
            gap[groups.Of[i] * bins + bin] += probabilities[i] - (labels[i] ? 1 : 0);
        }

        return counts =>
        {
            Span<double> gaps = stackalloc double[bins];
            gaps.Clear();
            var all = 0.0;
            for (var g = 0; g < counts.Length; g++)
                for (var bin = 0; bin < bins && counts[g] > 0; bin++)
                {
                    all += counts[g] * rows[g * bins + bin];
                    gaps[bin] += counts[g] * gap[g * bins + bin];
                }

            var sum = 0.0;
            foreach (var each in gaps) sum += Math.Abs(each);
            return all > 0 ? sum / all : double.NaN;
        };
    }
}
