namespace Vrp.Models.Generation;

/// <summary>The tokens that sampling leaves and their probabilities, as transformers' TemperatureLogitsWarper, TopKLogitsWarper and TopPLogitsWarper make them,
/// in that order.</summary>
public sealed class TokenDistribution
{
    readonly int[] ids;                 // ascending
    readonly double[] probabilities;
    readonly int vocabulary;

    /// <param name="logits">Of the whole vocabulary, finite.</param>
    /// <param name="sampling">What to apply.</param>
    public TokenDistribution(ReadOnlySpan<float> logits, Sampling sampling)
    {
        vocabulary = logits.Length;
        var scaled = new float[logits.Length];                                          // float32 as transformers': ties and cuts fall alike
        var max = float.NegativeInfinity;
        for (var i = 0; i < logits.Length; i++)
        {
            scaled[i] = sampling.Temperature == 1 ? logits[i] : logits[i] / (float)sampling.Temperature;
            if (!float.IsFinite(scaled[i])) throw new VrpException($"The model's logit of token {i} is {logits[i]}; expected a finite number. "
                + "Try --dtype float32: half precision may overflow in this model.");
            max = Math.Max(max, scaled[i]);
        }

        var lowest = sampling.TopK > 0 && sampling.TopK < logits.Length ? KthLargest(scaled, sampling.TopK) : float.NegativeInfinity;
        int[] kept = [.. Enumerable.Range(0, scaled.Length).Where(i => scaled[i] >= lowest)];
        double[] weights = [.. kept.Select(i => Math.Exp(scaled[i] - max))];
        if (sampling.TopP < 1) (kept, weights) = Nucleus(kept, weights, sampling.TopP);

        var sum = weights.Sum();
        (ids, probabilities) = (kept, [.. weights.Select(weight => weight / sum)]);
    }

    /// <summary>The tokens that can be drawn, ascending.</summary>
    public IReadOnlyList<int> Ids => ids;

    /// <summary>Their probabilities, which sum to 1.</summary>
    public IReadOnlyList<double> Probabilities => probabilities;

    /// <summary>Over the whole vocabulary, 0 for what was left out.</summary>
    public double[] ToArray()
    {
        var all = new double[vocabulary];
        for (var i = 0; i < ids.Length; i++) all[ids[i]] = probabilities[i];
        return all;
    }

    /// <summary>The token at which the summed probabilities, by ascending id, exceed <paramref name="uniform"/> in [0, 1).</summary>
    public int Draw(double uniform)
    {
        double sum = 0;
        for (var i = 0; i < ids.Length; i++)
            if ((sum += probabilities[i]) > uniform) return ids[i];
        return ids[^1];                                                                 // the sum may fall short of 1 by rounding
    }

    static float KthLargest(float[] values, int k)
    {
        var largest = new PriorityQueue<float, float>(k + 1);
        foreach (var value in values)
            if (largest.Count < k) largest.Enqueue(value, value);
            else if (value > largest.Peek()) largest.EnqueueDequeue(value, value);
        return largest.Peek();
    }

    /// <summary>Drops, in ascending order (equals: lower id first), every token up to which the summed probability is at most 1 - p; never the last.</summary>
    static (int[] Ids, double[] Weights) Nucleus(int[] ids, double[] weights, double p)
    {
        double total = weights.Sum(), limit = (1 - p) * total, sum = 0;
        // Tokens below limit / n cannot reach the limit together: they go without being sorted, which leaves few of a large vocabulary.
        var surely = limit / weights.Length;
        var open = new List<int>();
        for (var i = 0; i < weights.Length; i++)
            if (weights[i] <= surely) sum += weights[i];
            else open.Add(i);
        open.Sort((a, b) => weights[a] != weights[b] ? weights[a].CompareTo(weights[b]) : a.CompareTo(b));

        var first = 0;
        while (first < open.Count - 1 && (sum += weights[open[first]]) <= limit) first++;
        int[] kept = [.. open.Skip(first).Order()];
        return ([.. kept.Select(i => ids[i])], [.. kept.Select(i => weights[i])]);
    }
}
