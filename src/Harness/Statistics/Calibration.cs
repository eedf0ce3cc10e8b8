namespace Vrp.Harness.Statistics;

/// <summary>How well probabilities keep their word.</summary>
public static class Calibration
{
    /// <summary>Mean of (p − y)² (Brier 1950; scikit-learn: brier_score_loss). 0 best.</summary>
    /// <exception cref="EmptyInputException">No rows. A probability outside 0 … 1 or NaN: <see cref="OutOfDomainException"/>.</exception>
    public static double Brier(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities)
    {
        Validate("Brier score", labels, probabilities);
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++) sum += Math.Pow(probabilities[i] - (labels[i] ? 1 : 0), 2);
        return sum / labels.Length;
    }

    /// <summary>Mean of −log of the probability of what happened, in nats; probabilities are kept 2⁻⁵² from 0 and 1 (scikit-learn: log_loss).</summary>
    /// <exception cref="EmptyInputException">No rows. A probability outside 0 … 1 or NaN: <see cref="OutOfDomainException"/>.</exception>
    public static double LogLoss(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities)
    {
        Validate("log loss", labels, probabilities);
        const double eps = 1.0 / (1L << 52);
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var p = Math.Clamp(probabilities[i], eps, 1 - eps);
            sum -= labels[i] ? Math.Log(p) : Math.Log(1 - p);
        }

        return sum / labels.Length;
    }

    /// <summary>Expected calibration error: Σ_bins share · |mean p − share correct| over equal-width bins (a, b], the first one [0, b] (Naeini, Cooper and
    /// Hauskrecht 2015). 0 best.</summary>
    /// <exception cref="EmptyInputException">No rows. A probability outside 0 … 1 or NaN: <see cref="OutOfDomainException"/>.</exception>
    public static double ExpectedError(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities, int bins = 10) =>
        Diagram(labels, probabilities, bins).Sum(bin => Math.Abs(bin.MeanProbability - bin.ShareCorrect.Value) * bin.ShareCorrect.N) / labels.Length;

    /// <summary>The reliability diagram: the bins that have rows, each with mean probability and share correct with its Wilson interval (rows as
    /// independent).</summary>
    /// <exception cref="EmptyInputException">No rows. A probability outside 0 … 1 or NaN: <see cref="OutOfDomainException"/>.</exception>
    public static ReliabilityBin[] Diagram(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities, int bins = 10, double level = 0.95)
    {
        Validate("reliability diagram", labels, probabilities);
        Check.AtLeast("reliability diagram", "bins", 1, bins);
        var (count, correct, sum) = (new int[bins], new int[bins], new double[bins]);
        for (var i = 0; i < labels.Length; i++)
        {
            // The edges as numpy's linspace makes them, so that a probability on an edge falls into the same bin.
            var bin = 0;
            while (bin < bins - 1 && probabilities[i] > (bin + 1) * (1.0 / bins)) bin++;
            count[bin]++;
            correct[bin] += labels[i] ? 1 : 0;
            sum[bin] += probabilities[i];
        }

        return [.. Enumerable.Range(0, bins).Where(bin => count[bin] > 0).Select(bin => new ReliabilityBin(
            bin * (1.0 / bins), (bin + 1) * (1.0 / bins), sum[bin] / count[bin], Proportion.Wilson(correct[bin], count[bin], level)))];
    }

    static void Validate(string operation, ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities)
    {
        Check.NotEmpty(operation, labels.Length);
        Check.SameLength(operation, "probabilities", labels.Length, probabilities.Length);
        foreach (var p in probabilities) Check.Domain(operation, "probability", "between 0 and 1", p, p is >= 0 and <= 1);
    }
}

/// <summary>One bin (Low, High] of a reliability diagram.</summary>
public sealed record ReliabilityBin(double Low, double High, double MeanProbability, Estimate ShareCorrect);
