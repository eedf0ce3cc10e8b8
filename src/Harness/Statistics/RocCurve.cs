namespace Vrp.Harness.Statistics;

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
