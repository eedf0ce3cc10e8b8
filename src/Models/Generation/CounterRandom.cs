namespace Vrp.Models.Generation;

/// <summary>Uniform numbers that are a function of what they are for (seed, sample, draw, step) and of nothing else: no state, so that an answer is the same in
/// any batch, order, shard or resumed run. SplitMix64's finaliser (Steele, Lea &amp; Flood 2014, doi:10.1145/2660193.2660195) over the four numbers in
/// turn.</summary>
public static class CounterRandom
{
    /// <summary>The odd increment of SplitMix64, 2^64 divided by the golden ratio.</summary>
    public const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>In [0, 1), with 53 random bits.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="sampleId">The prompt, independent of its place in a batch.</param>
    /// <param name="draw">Which of the prompt's answers.</param>
    /// <param name="step">Which token of the answer.</param>
    public static double Uniform(ulong seed, long sampleId, int draw, int step)
    {
        var state = Mix(seed + Golden);
        state = Mix(state + Golden + (ulong)sampleId);
        state = Mix(state + Golden + (ulong)(uint)draw);
        state = Mix(state + Golden + (ulong)(uint)step);
        return (state >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>The output function: a bijection of 64-bit numbers that mixes all bits.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
