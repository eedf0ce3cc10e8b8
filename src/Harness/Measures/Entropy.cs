using Vrp.Harness.Statistics;

namespace Vrp.Harness.Measures;

/// <summary>Shannon entropy in nats, 0·log 0 = 0.</summary>
public static class Entropy
{
    /// <summary>H_s = −Σ M log M of an attention map, in nats, 0 (one cell) … log n (uniform).</summary>
    public static double OfMap(AttentionMap map) => Sum(map.Mass);

    /// <summary>H = −Σ p log p of a distribution, in nats (scipy: stats.entropy).</summary>
    /// <exception cref="OutOfDomainException">A negative or NaN probability, or a sum further than 1e-4 from 1 (float32 softmax over 257,216 pieces stays well
    /// inside).</exception>
    public static double OfDistribution(ReadOnlySpan<double> probabilities)
    {
        const string name = "entropy";
        Check.NotEmpty(name, probabilities.Length);
        var sum = 0.0;
        foreach (var p in probabilities)
        {
            Check.Domain(name, "probability", "0 or more", p, p >= 0);
            sum += p;
        }

        Check.Domain(name, "sum of probabilities", "1", sum, Math.Abs(sum - 1) <= 1e-4);
        return Sum(probabilities);
    }

    /// <summary>Entropy of every head's own map, [heads × cells] of weights ≥ 0, each renormalised over the image tokens.</summary>
    /// <exception cref="OutOfDomainException">A head without any weight on the image. NaN: <see cref="NotFiniteException"/>.</exception>
    public static double[] PerHead(ReadOnlySpan<float> heads, int headCount, int height, int width)
    {
        Check.AtLeast("per-head entropy", "heads", 1, headCount);
        Check.SameLength("per-head entropy", "heads", checked(headCount * height * width), heads.Length);
        var cells = height * width;
        var entropies = new double[headCount];
        for (var h = 0; h < headCount; h++) entropies[h] = OfMap(AttentionMap.Renormalise(heads.Slice(h * cells, cells), height, width));
        return entropies;
    }

    /// <summary>ΔH_s: [ΔH_1 … ΔH_{L−1}] with ΔH_l = H_l − H_{l−1} in nats, layers counted from 0. Negative = attention sharpens at layer l.</summary>
    /// <param name="byLayer">H_s of every layer, 0 … L−1.</param>
    /// <exception cref="TooFewException">Fewer than two layers. NaN: <see cref="NotFiniteException"/>.</exception>
    public static double[] Steps(ReadOnlySpan<double> byLayer)
    {
        Check.NotEmpty("entropy steps", byLayer.Length);
        Check.AtLeast("entropy steps", "layers", 2, byLayer.Length);
        Check.Finite("entropy steps", "entropy", byLayer);
        var steps = new double[byLayer.Length - 1];
        for (var l = 0; l < steps.Length; l++) steps[l] = byLayer[l + 1] - byLayer[l];
        return steps;
    }

    static double Sum(ReadOnlySpan<double> probabilities)
    {
        var sum = 0.0;
        foreach (var p in probabilities)
            if (p > 0) sum -= p * Math.Log(p);
        return Math.Max(0, sum);   // −1·log 1 is a negative zero, and a probability may round to just above 1
    }
}
