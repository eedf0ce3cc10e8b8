using Vrp.Harness.Statistics;

namespace Vrp.Harness.Measures;

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
