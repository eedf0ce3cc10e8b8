using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Vrp.Models.Generation;

namespace Vrp.Harness.Statistics;

/// <summary>The one source of randomness of everything here: xoshiro256** (Blackman and Vigna 2018), its state filled by splitmix64, as its authors advise. Our
/// own, because System.Random promises no stable sequence between .NET versions, and results must be byte-stable. <see cref="Stream"/> gives draw number i its
/// own generator, so that draws can run in parallel and be the same whatever the thread count.</summary>
public struct Xoshiro256
{
    ulong s0, s1, s2, s3;

    /// <summary>A generator; any seed is good, 0 too.</summary>
    public Xoshiro256(ulong seed)
    {
        s0 = SplitMix64(ref seed);
        s1 = SplitMix64(ref seed);
        s2 = SplitMix64(ref seed);
        s3 = SplitMix64(ref seed);
    }

    /// <summary>The generator of draw <paramref name="index"/> under <paramref name="seed"/>: independent of all other indices.</summary>
    public static Xoshiro256 Stream(ulong seed, long index)
    {
        var state = seed;
        return new Xoshiro256(SplitMix64(ref state) ^ unchecked((ulong)index * 0xD1342543DE82EF95UL));
    }

    /// <summary>64 uniform bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 … <paramref name="bound"/> - 1, without bias (Lemire 2019).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var high = Math.BigMul(NextUInt64(), (ulong)bound, out var low);
        if (low < (ulong)bound)
            for (var threshold = unchecked(0UL - (ulong)bound) % (ulong)bound; low < threshold;)
                high = Math.BigMul(NextUInt64(), (ulong)bound, out low);
        return (int)high;
    }

    /// <summary>Standard normal, by Marsaglia's polar method.</summary>
    public double NextGaussian()
    {
        while (true)
        {
            double u = 2 * NextDouble() - 1, v = 2 * NextDouble() - 1, s = u * u + v * v;
            if (s is > 0 and < 1) return u * Math.Sqrt(-2 * Math.Log(s) / s);
        }
    }

    /// <summary>Fisher-Yates.</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    static ulong SplitMix64(ref ulong state)
    {
        state += CounterRandom.Golden;
        return CounterRandom.Mix(state);
    }
}

/// <summary>Parallel loops over independent pieces whose results go to places of their own. The error of the lowest index is thrown as it is: which error a
/// user sees must not depend on timing, and it must stay the typed one, not an AggregateException.</summary>
static class InParallel
{
    public static void For(int count, Action<int> body)
    {
        var errors = new ExceptionDispatchInfo?[count];
        Parallel.For(0, count, index =>
        {
            try
            {
                body(index);
            }
            catch (Exception error)
            {
                errors[index] = ExceptionDispatchInfo.Capture(error);
            }
        });
        errors.FirstOrDefault(error => error is not null)?.Throw();
    }
}
