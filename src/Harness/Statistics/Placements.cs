namespace Vrp.Harness.Statistics;

/// <summary>The structural components of the AUROC (DeLong, DeLong and Clarke-Pearson 1988, eq. 2-3), from midranks in O(n log n) (Sun and Xu 2014).</summary>
/// <param name="Auroc">Mean of either component.</param>
/// <param name="Of">Per row, in the order of the rows: for a positive, V10 = the share of negatives it beats (ties ½); for a negative, V01 = the share of
/// positives that beat it.</param>
sealed record Placements(double Auroc, double[] Of)
{
    public static Placements Compute(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores, int positives, int negatives)
    {
        var all = Ranks.Mid(scores);
        var split = new[] { new double[negatives], new double[positives] };
        int[] next = [0, 0];
        for (var i = 0; i < labels.Length; i++)
        {
            var side = labels[i] ? 1 : 0;
            split[side][next[side]++] = scores[i];
        }

        double[][] within = [Ranks.Mid(split[0]), Ranks.Mid(split[1])];
        next = [0, 0];
        var of = new double[labels.Length];
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var side = labels[i] ? 1 : 0;
            var outranked = all[i] - within[side][next[side]++];
            of[i] = labels[i] ? outranked / negatives : 1 - outranked / positives;
            if (labels[i]) sum += outranked;
        }

        return new Placements(sum / ((double)positives * negatives), of);
    }
}
