using Vrp.Harness.Statistics;

namespace Vrp.Harness.Measures;

/// <summary>S_SC: how much K sampled answers agree with each other.</summary>
public static class SelfConsistency
{
    /// <summary>Share of the commonest answer among the K sampled ones, 1/K … 1. Unparsed answers are given by the caller as answers of their own (all alike or
    /// each its own, as the data set's parser says).</summary>
    /// <exception cref="EmptyInputException">No answers.</exception>
    public static double Observed<T>(IEnumerable<T> answers) where T : notnull
    {
        var counts = new Dictionary<T, int>();
        var total = 0;
        foreach (var answer in answers)
        {
            counts[answer] = counts.GetValueOrDefault(answer) + 1;
            total++;
        }

        Check.NotEmpty("self-consistency", total);
        return counts.Values.Max() / (double)total;
    }

    /// <summary>E[S_SC]: the expected share of the commonest among K independent draws, exact. For answers of one token it takes the place of sampling:
    /// P(answer) after temperature and nucleus are in the first token's logits.</summary>
    /// <remarks>E[max] = Σ_{t=0}^{K−1} (1 − P(max ≤ t)) and P(max ≤ t) = K! [x^K] Π_i Σ_{k≤t} (p_i x)^k / k!: polynomials of degree K with positive terms,
    /// so nothing cancels; the work is answers × K³, where enumerating all tables of counts grows without bound in the answers.</remarks>
    /// <param name="probabilities">Of the answers, ≥ 0, sum 1 (to 1e-6).</param>
    /// <param name="draws">K.</param>
    /// <exception cref="OutOfDomainException">A negative or NaN probability, or a sum that is not 1.</exception>
    public static double Expected(ReadOnlySpan<double> probabilities, int draws = 10)
    {
        const string name = "expected self-consistency";
        Check.NotEmpty(name, probabilities.Length);
        Check.AtLeast(name, "draws", 1, draws);
        var total = 0.0;
        foreach (var p in probabilities)
        {
            Check.Domain(name, "probability", "0 or more", p, p >= 0);
            total += p;
        }

        Check.Domain(name, "sum of probabilities", "1", total, Math.Abs(total - 1) <= 1e-6);
        var expected = (double)draws;   // Σ_t 1, less the probabilities below
        for (var most = 1; most < draws; most++) expected -= AtMost(probabilities, draws, most);
        return expected / draws;
    }

    /// <summary>P(no answer occurs more than <paramref name="most"/> times). ways[n] = n!·[xⁿ] of the product so far, that is Σ_k C(n, k) p^k ways[n − k]:
    /// never larger than 1, no factorials.</summary>
    static double AtMost(ReadOnlySpan<double> probabilities, int draws, int most)
    {
        var ways = new double[draws + 1];
        ways[0] = 1;
        foreach (var p in probabilities)
            for (var n = draws; n >= 1; n--)
            {
                double sum = ways[n], term = 1;
                for (var k = 1; k <= Math.Min(most, n); k++)
                {
                    term *= p * (n - k + 1) / k;   // C(n, k) p^k
                    sum += term * ways[n - k];
                }

                ways[n] = sum;
            }

        return ways[draws];
    }
}

/// <summary>The distribution that the next token is drawn from after temperature, top-k and top-p, in that order, as transformers' logits warpers apply them
/// (TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper). With it the closed form of <see cref="SelfConsistency.Expected"/> needs no samples.</summary>
public static class SamplingDistribution
{
    /// <summary>Probabilities, as many as logits; filtered tokens have exactly 0.</summary>
    /// <param name="logits">Finite, of the whole vocabulary.</param>
    /// <param name="temperature">&gt; 0; divides the logits in float32, as the reference does, so that the same tokens fall out.</param>
    /// <param name="topK">Keeps the k largest and everything tied with the k-th; 0 = off.</param>
    /// <param name="topP">Keeps the smallest set whose mass reaches p: ascending, tokens whose cumulative mass is ≤ 1 − p are dropped, never the last one; 1 =
    /// off.</param>
    /// <exception cref="OutOfDomainException">Settings outside their domains. NaN or infinite logits: <see cref="NotFiniteException"/>.</exception>
    public static double[] Compute(ReadOnlySpan<float> logits, double temperature = 1, int topK = 0, double topP = 1)
    {
        const string name = "sampling distribution";
        Check.NotEmpty(name, logits.Length);
        Check.Finite(name, "logits", logits);
        Check.Domain(name, "temperature", "above 0", temperature, temperature > 0 && double.IsFinite(temperature));
        Check.Domain(name, "top-k", "0 or more", topK, topK >= 0);
        Check.Domain(name, "top-p", "above 0 and at most 1", topP, topP is > 0 and <= 1);
        var scaled = new float[logits.Length];
        for (var i = 0; i < scaled.Length; i++) scaled[i] = logits[i] / (float)temperature;
        if (topK > 0 && topK < scaled.Length)
        {
            var sorted = (float[])scaled.Clone();
            Array.Sort(sorted);
            var smallest = sorted[^topK];
            for (var i = 0; i < scaled.Length; i++)
                if (scaled[i] < smallest) scaled[i] = float.NegativeInfinity;
        }

        var probabilities = Softmax(scaled);
        if (topP >= 1) return probabilities;

        var order = Ranks.Order(probabilities);
        var cumulative = 0.0;
        for (var i = 0; i < order.Length - 1; i++)
        {
            cumulative += probabilities[order[i]];
            // The reference sums in float32; at a tie with 1 − p its rounding decides, which the width of one float32 step reproduces.
            if ((float)cumulative <= (float)(1 - topP)) scaled[order[i]] = float.NegativeInfinity;
        }

        return Softmax(scaled);
    }

    static double[] Softmax(float[] logits)
    {
        double largest = logits.Max(), sum = 0;
        var shares = new double[logits.Length];
        for (var i = 0; i < shares.Length; i++) sum += shares[i] = Math.Exp(logits[i] - largest);
        for (var i = 0; i < shares.Length; i++) shares[i] /= sum;
        return shares;
    }
}
