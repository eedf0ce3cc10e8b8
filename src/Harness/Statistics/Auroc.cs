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
