namespace Vrp.Harness.Statistics;

/// <summary>AUROC intervals and tests that take rows as independent (DeLong, DeLong and Clarke-Pearson 1988). With several questions per image they are too
/// narrow (simulated coverage in docs/statistics.md): reported for comparison with <see cref="ClusteredAuroc"/>, which decides.</summary>
public static class DeLong
{
    /// <summary>AUROC ± z·se, not clipped to [0, 1]; se² = S₁₀/n₁ + S₀₁/n₀ with the components' sample variances (divisor n − 1).</summary>
    /// <exception cref="TooFewException">Fewer than two rows of a class: the variance does not exist.</exception>
    public static Estimate Interval(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores, double level = 0.95)
    {
        Check.Level("DeLong interval", level);
        var auroc = Auroc.Value(labels, scores);
        var half = Distribution.NormalCritical(level) * StandardError(labels, scores);
        return new Estimate(auroc, auroc - half, auroc + half, level, labels.Length, labels.Length, "delong-wald");
    }

    /// <summary>Standard error of the AUROC.</summary>
    /// <exception cref="TooFewException">Fewer than two rows of a class.</exception>
    public static double StandardError(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores)
    {
        var (positives, negatives) = Sizes(labels, scores);
        return Math.Sqrt(Variance(labels, Placements.Compute(labels, scores, positives, negatives).Of, positives, negatives));
    }

    /// <summary>Paired test of two scores on the same rows: difference of AUROCs (a − b), its standard error from the components' differences, two-sided normal
    /// p.</summary>
    /// <exception cref="TooFewException">Fewer than two rows of a class.</exception>
    /// <exception cref="ConstantInputException">Both scores rank every pair alike: the difference is exactly 0 with no variance, so there is nothing to
    /// test.</exception>
    public static (Estimate Difference, double StandardError, double P) Paired(ReadOnlySpan<bool> labels, ReadOnlySpan<double> a, ReadOnlySpan<double> b,
        double level = 0.95)
    {
        Check.Level("paired DeLong test", level);
        var (positives, negatives) = Sizes(labels, a);
        Check.Binary("paired DeLong test", labels, b);
        var first = Placements.Compute(labels, a, positives, negatives);
        var second = Placements.Compute(labels, b, positives, negatives);
        var components = new double[labels.Length];
        for (var i = 0; i < components.Length; i++) components[i] = first.Of[i] - second.Of[i];
        var error = Math.Sqrt(Variance(labels, components, positives, negatives));
        if (error == 0) throw new ConstantInputException("paired DeLong test", "the difference of the two scores' placements");
        var difference = first.Auroc - second.Auroc;
        var half = Distribution.NormalCritical(level) * error;
        return (new Estimate(difference, difference - half, difference + half, level, labels.Length, labels.Length, "delong-paired-wald"),
            error, Distribution.NormalTwoSided(difference / error));
    }

    static (int Positives, int Negatives) Sizes(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores)
    {
        var (positives, negatives) = Check.Binary("DeLong variance", labels, scores);
        Check.AtLeast("DeLong variance", "positive rows", 2, positives);
        Check.AtLeast("DeLong variance", "negative rows", 2, negatives);
        return (positives, negatives);
    }

    static double Variance(ReadOnlySpan<bool> labels, ReadOnlySpan<double> components, int positives, int negatives)
    {
        Span<double> mean = [0, 0], squares = [0, 0];
        Span<int> count = [negatives, positives];
        for (var i = 0; i < labels.Length; i++) mean[labels[i] ? 1 : 0] += components[i] / count[labels[i] ? 1 : 0];
        for (var i = 0; i < labels.Length; i++)
        {
            var side = labels[i] ? 1 : 0;
            squares[side] += (components[i] - mean[side]) * (components[i] - mean[side]);
        }

        return squares[0] / (negatives - 1.0) / negatives + squares[1] / (positives - 1.0) / positives;
    }
}

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
