namespace Vrp.Harness.Statistics;

/// <summary>Statistics of right answers and confidence.</summary>
public static partial class GroupStatistics
{
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
