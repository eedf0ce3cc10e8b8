using Vrp.Harness.Statistics;

namespace Vrp.Harness.Measures;

/// <summary>What the output probabilities themselves say about an answer.</summary>
public static class Confidence
{
    /// <summary>P_tok: mean log-probability of the generated (chosen) tokens, nats per token, ≤ 0.</summary>
    /// <param name="logProbabilities">One per generated token, log-softmax of the model's unfiltered logits at temperature 1.</param>
    /// <param name="withEnd">Whether the last entry, the end token, counts. The published text does not say, so both forms are reported.</param>
    /// <exception cref="EmptyInputException">No token, or none but the end token. A NaN or −∞: <see cref="NotFiniteException"/>; above 0: <see
    /// cref="OutOfDomainException"/>.</exception>
    public static double MeanLogProbability(ReadOnlySpan<double> logProbabilities, bool withEnd = true)
    {
        const string name = "mean log-probability";
        var counted = withEnd || logProbabilities.IsEmpty ? logProbabilities : logProbabilities[..^1];
        Check.NotEmpty(name, counted.Length);
        Check.Finite(name, "log-probability", counted);
        var sum = 0.0;
        foreach (var value in counted)
        {
            Check.Domain(name, "log-probability", "0 or less", value, value <= 0);
            sum += value;
        }

        return sum / counted.Length;
    }

    /// <summary>Of the first answer token's logits: entropy (nats), largest probability, and margin = largest minus second largest probability.</summary>
    /// <param name="logits">All of the vocabulary's; the softmax is computed in float64.</param>
    /// <exception cref="TooFewException">Fewer than two tokens. NaN or infinite logits: <see cref="NotFiniteException"/>.</exception>
    public static (double Entropy, double MaxProbability, double Margin) FirstToken(ReadOnlySpan<float> logits)
    {
        const string name = "first-token confidence";
        Check.NotEmpty(name, logits.Length);
        Check.AtLeast(name, "tokens", 2, logits.Length);
        Check.Finite(name, "logits", logits);
        double first = double.NegativeInfinity, second = double.NegativeInfinity, mass = 0, weighted = 0;
        foreach (double logit in logits)
            if (logit > first) (first, second) = (logit, first);
            else if (logit > second) second = logit;
        foreach (double logit in logits)
        {
            var share = Math.Exp(logit - first);
            mass += share;
            weighted += share * (logit - first);
        }

        return (Math.Max(0, Math.Log(mass) - weighted / mass), 1 / mass, (1 - Math.Exp(second - first)) / mass);
    }
}
