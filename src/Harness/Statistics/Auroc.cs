namespace Vrp.Harness.Statistics;

/// <summary>Area under the ROC curve and under the precision-recall curve.</summary>
public static class Auroc
{
    /// <summary>P(score of a random positive &gt; score of a random negative) + ½ P(equal) (scikit-learn: roc_auc_score; the Mann-Whitney statistic over n₁n₀).
    /// No unit, 0 … 1.</summary>
    /// <param name="labels">True = positive (the answer was correct).</param>
    /// <param name="scores">Higher = more positive.</param>
    /// <exception cref="OneClassException">Only one class. NaN or infinite scores: <see cref="NotFiniteException"/>.</exception>
    public static double Value(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores)
    {
        var (positives, negatives) = Check.Binary("AUROC", labels, scores);
        var ranks = Ranks.Mid(scores);
        var sum = 0.0;
        for (var i = 0; i < ranks.Length; i++)
            if (labels[i]) sum += ranks[i];
        return (sum - positives * (positives + 1.0) / 2) / ((double)positives * negatives);
    }

    /// <summary>Σ (R_k − R_{k−1}) P_k over distinct thresholds, without interpolation (scikit-learn: average_precision_score).</summary>
    /// <exception cref="OneClassException">Only one class. NaN or infinite scores: <see cref="NotFiniteException"/>.</exception>
    public static double AveragePrecision(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores)
    {
        var (positives, _) = Check.Binary("average precision", labels, scores);
        var curve = RocCurve.Compute(labels, scores);
        var sum = 0.0;
        for (var k = 1; k < curve.Thresholds.Length; k++)
        {
            var hits = curve.TruePositives[k];
            sum += (hits - curve.TruePositives[k - 1]) / (double)positives * hits / (hits + curve.FalsePositives[k]);
        }

        return sum;
    }
}

/// <summary>The ROC curve with a point for every distinct score (scikit-learn: roc_curve, drop_intermediate=False).</summary>
/// <param name="Thresholds">Descending; the first is +∞ (nothing called positive).</param>
/// <param name="TruePositives">Positives with a score ≥ the threshold.</param>
/// <param name="FalsePositives">Negatives with a score ≥ the threshold.</param>
public sealed record RocCurve(double[] Thresholds, int[] TruePositives, int[] FalsePositives)
{
    /// <summary>True positive rate per threshold (recall).</summary>
    public double[] TruePositiveRate => [.. TruePositives.Select(count => count / (double)TruePositives[^1])];

    /// <summary>False positive rate per threshold.</summary>
    public double[] FalsePositiveRate => [.. FalsePositives.Select(count => count / (double)FalsePositives[^1])];

    /// <summary>From labels and scores.</summary>
    /// <exception cref="OneClassException">Only one class. NaN or infinite scores: <see cref="NotFiniteException"/>.</exception>
    public static RocCurve Compute(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores)
    {
        Check.Binary("ROC curve", labels, scores);
        var order = Ranks.OrderDescending(scores);
        var (thresholds, hits, alarms) = (new List<double> { double.PositiveInfinity }, new List<int> { 0 }, new List<int> { 0 });
        int hit = 0, alarm = 0;
        for (var i = 0; i < order.Length; i++)
        {
            if (labels[order[i]]) hit++;
            else alarm++;
            if (i + 1 < order.Length && scores[order[i + 1]] == scores[order[i]]) continue;
            thresholds.Add(scores[order[i]]);
            hits.Add(hit);
            alarms.Add(alarm);
        }

        return new RocCurve([.. thresholds], [.. hits], [.. alarms]);
    }
}

/// <summary>Error rate among the answers kept when only the most confident ones are (Geifman and El-Yaniv 2017).</summary>
/// <param name="Risk">Risk[k−1] = share wrong among the k most confident rows; coverage is k/n. Rows of equal score enter at their common share, so the order
/// of ties does not matter.</param>
/// <param name="Area">AURC, the mean of <paramref name="Risk"/> over coverages 1/n … 1 (Geifman, Uziel and El-Yaniv 2019). 0 best.</param>
public sealed record RiskCoverage(double[] Risk, double Area)
{
    /// <summary>From right/wrong and confidence.</summary>
    /// <exception cref="EmptyInputException">No rows. NaN: <see cref="NotFiniteException"/>.</exception>
    public static RiskCoverage Compute(ReadOnlySpan<bool> correct, ReadOnlySpan<double> scores)
    {
        const string name = "risk-coverage curve";
        Check.NotEmpty(name, correct.Length);
        Check.SameLength(name, "scores", correct.Length, scores.Length);
        Check.Finite(name, "scores", scores);
        var order = Ranks.OrderDescending(scores);
        var risk = new double[correct.Length];
        var wrong = 0;
        for (int start = 0, end; start < order.Length; start = end)
        {
            var inTie = 0;
            for (end = start; end < order.Length && scores[order[end]] == scores[order[start]]; end++)
                if (!correct[order[end]]) inTie++;
            for (var k = start; k < end; k++) risk[k] = (wrong + inTie * (k + 1.0 - start) / (end - start)) / (k + 1);
            wrong += inTie;
        }

        return new RiskCoverage(risk, risk.Average());
    }

    /// <summary>Share wrong when the given share of rows (0 &lt; coverage ≤ 1, rounded up to whole rows) is answered.</summary>
    /// <exception cref="OutOfDomainException">A coverage outside (0, 1].</exception>
    public double At(double coverage)
    {
        Check.Domain("risk at coverage", "coverage", "above 0 and at most 1", coverage, coverage is > 0 and <= 1);
        return Risk[Math.Clamp((int)Math.Ceiling(coverage * Risk.Length - 1e-9), 1, Risk.Length) - 1];
    }
}
