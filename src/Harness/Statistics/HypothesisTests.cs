namespace Vrp.Harness.Statistics;

/// <summary>Permutation of labels with groups kept whole, and its p-value.</summary>
public static class Permutation
{
    /// <summary>(1 + extreme) / (1 + draws) (Phipson and Smyth 2010): never 0, and valid at any number of draws.</summary>
    /// <exception cref="TooFewException">No draws.</exception>
    public static double PValue(int extreme, int draws)
    {
        Check.AtLeast("permutation p-value", "draws", 1, draws);
        Check.Domain("permutation p-value", "extreme", $"between 0 and {draws}", extreme, extreme >= 0 && extreme <= draws);
        return (1.0 + extreme) / (1.0 + draws);
    }

    /// <summary>p of an observed statistic against its permutation values, large = extreme.</summary>
    /// <exception cref="NotFiniteException">A NaN or an infinity.</exception>
    public static double PValue(double observed, ReadOnlySpan<double> permuted)
    {
        Check.Finite("permutation p-value", "observed", [observed]);
        Check.Finite("permutation p-value", "permuted", permuted);
        var extreme = 0;
        foreach (var value in permuted)
            if (value >= observed) extreme++;
        return PValue(extreme, permuted.Length);
    }

    /// <summary>Labels in which whole groups have exchanged their label vectors: rows of one image stay dependent as they were, which a row-wise shuffle would
    /// destroy (and give p-values that are too small). Groups exchange with groups of the same size; a group with a size of its own keeps its labels, which is
    /// valid and costs power.</summary>
    /// <exception cref="TooFewException">No two groups of one size: nothing can be permuted.</exception>
    public static bool[] OfGroupedLabels(ReadOnlySpan<bool> labels, Groups groups, ref Xoshiro256 random)
    {
        Check.SameLength("grouped permutation", "groups", labels.Length, groups.Length);
        var permuted = labels.ToArray();
        var largest = 0;
        foreach (var same in Enumerable.Range(0, groups.Count).GroupBy(g => groups.Rows(g).Length).OrderBy(same => same.Key))
        {
            var targets = same.ToArray();
            largest = Math.Max(largest, targets.Length);
            var sources = (int[])targets.Clone();
            random.Shuffle<int>(sources);
            for (var i = 0; i < targets.Length; i++)
            {
                var to = groups.Rows(targets[i]);
                var from = groups.Rows(sources[i]);
                for (var k = 0; k < to.Length; k++) permuted[to[k]] = labels[from[k]];
            }
        }

        Check.AtLeast("grouped permutation", "groups of one size", 2, largest);
        return permuted;
    }
}

/// <summary>Permutation test of a paired difference that keeps the rows of a group (image) together: under H₀ the two conditions can be exchanged within an
/// image, so the image's summed difference may have either sign.</summary>
/// <param name="Difference">Mean over rows of first − second, in the rows' unit.</param>
/// <param name="P">Two-sided p: exact over all 2^G sign patterns where that is no more than the draws, else (1 + #{|S*| ≥ |S|}) / (1 + draws) (Phipson and
/// Smyth 2010).</param>
/// <param name="Draws">Sign patterns looked at.</param>
/// <param name="Exact">Whether all patterns were looked at.</param>
/// <param name="N">Rows.</param>
/// <param name="Groups">Groups.</param>
/// <param name="Seed">Seed of the draws.</param>
public sealed record SignFlip(double Difference, double P, int Draws, bool Exact, int N, int Groups, ulong Seed)
{
    /// <summary>Test of H₀: mean difference 0.</summary>
    /// <param name="differences">first − second per row (for right/wrong: −1, 0 or 1).</param>
    /// <param name="groups">The image of each row.</param>
    /// <param name="draws">Random sign patterns.</param>
    /// <param name="seed">Seed; draw i has its own stream, so the result does not depend on threads.</param>
    /// <exception cref="EmptyInputException">No rows. NaN: <see cref="NotFiniteException"/>.</exception>
    public static SignFlip Test(ReadOnlySpan<double> differences, Groups groups, int draws = 10_000, ulong seed = 0)
    {
        const string name = "sign-flip test";
        Check.NotEmpty(name, differences.Length);
        Check.SameLength(name, "groups", differences.Length, groups.Length);
        Check.Finite(name, "differences", differences);
        Check.AtLeast(name, "draws", 1, draws);
        var sums = new double[groups.Count];
        for (var i = 0; i < differences.Length; i++) sums[groups.Of[i]] += differences[i];
        var observed = sums.Sum();
        var moving = sums.Where(sum => sum != 0).ToArray();   // a zero keeps its value under either sign
        // Sums of the same numbers with other signs round differently; equal up to 1e-12 of their size is equal.
        var reach = Math.Abs(observed) - 1e-12 * moving.Sum(Math.Abs);
        if (moving.Length < 31 && 1 << moving.Length <= draws)
        {
            var patterns = 1 << moving.Length;
            var extreme = 0;
            for (var pattern = 0; pattern < patterns; pattern++)
            {
                var sum = 0.0;
                for (var g = 0; g < moving.Length; g++) sum += (pattern >> g & 1) == 0 ? moving[g] : -moving[g];
                if (Math.Abs(sum) >= reach) extreme++;
            }

            return new SignFlip(observed / differences.Length, extreme / (double)patterns, patterns, true, differences.Length, groups.Count, seed);
        }

        var hits = new bool[draws];
        InParallel.For(draws, draw =>
        {
            var random = Xoshiro256.Stream(seed, draw);
            var sum = 0.0;
            for (var g = 0; g < moving.Length;)
                for (var bits = random.NextUInt64(); g < moving.Length; bits >>= 1)
                {
                    sum += (bits & 1) == 0 ? moving[g] : -moving[g];
                    if (++g % 64 == 0) break;
                }

            hits[draw] = Math.Abs(sum) >= reach;
        });
        return new SignFlip(observed / differences.Length, Permutation.PValue(hits.Count(hit => hit), draws), draws, false, differences.Length, groups.Count,
            seed);
    }
}

/// <summary>Exact test of two paired yes/no outcomes (McNemar 1947; statsmodels: mcnemar(exact=True)): under H₀ the discordant pairs split as Binomial(b + c,
/// ½). It takes pairs as independent; <see cref="SignFlip"/> keeps the rows of an image together.</summary>
/// <param name="OnlyFirst">b: pairs where only the first is right.</param>
/// <param name="OnlySecond">c: pairs where only the second is right.</param>
/// <param name="P">Two-sided exact p, min(1, 2 P(X ≤ min(b, c))); 1 without discordant pairs.</param>
/// <param name="MidP">Two-sided mid-p (Fagerland, Lydersen and Laake 2013): P minus the probability of the observed table; closer to its level.</param>
public sealed record McNemar(int OnlyFirst, int OnlySecond, double P, double MidP)
{
    /// <summary>From two outcomes on the same rows.</summary>
    /// <exception cref="EmptyInputException">No rows. Unequal lengths: <see cref="LengthMismatchException"/>.</exception>
    public static McNemar Test(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second)
    {
        Check.NotEmpty("McNemar test", first.Length);
        Check.SameLength("McNemar test", "second", first.Length, second.Length);
        int b = 0, c = 0;
        for (var i = 0; i < first.Length; i++)
        {
            if (first[i] && !second[i]) b++;
            if (!first[i] && second[i]) c++;
        }

        return Test(b, c);
    }

    /// <summary>From the two discordant counts.</summary>
    /// <exception cref="OutOfDomainException">A negative count.</exception>
    public static McNemar Test(int onlyFirst, int onlySecond)
    {
        Check.Domain("McNemar test", "only first", "0 or more", onlyFirst, onlyFirst >= 0);
        Check.Domain("McNemar test", "only second", "0 or more", onlySecond, onlySecond >= 0);
        int n = onlyFirst + onlySecond, fewer = Math.Min(onlyFirst, onlySecond);
        var observed = Math.Exp(Distribution.LogHalfBinomial(fewer, n));
        // From the largest term down, each by its ratio to the one before: exact to rounding, where a sum of exponentials of GammaLn loses digits.
        double term = observed, tail = observed;
        for (var k = fewer; k > 0 && term > 0; k--)
        {
            term *= k / (n - k + 1.0);
            tail += term;
        }

        if (onlyFirst == onlySecond) return new McNemar(onlyFirst, onlySecond, 1, n == 0 ? 1 : 1 - observed);
        return new McNemar(onlyFirst, onlySecond, Math.Min(1, 2 * tail), 2 * tail - observed);
    }
}

/// <summary>Adjusted p-values of a family of tests (statsmodels: multipletests).</summary>
public static class MultipleTesting
{
    /// <summary>Holm 1979: p̃_(i) = max_{j≤i} min(1, (m − j + 1) p_(j)); holds the family-wise error under any dependence. In the order given.</summary>
    /// <exception cref="EmptyInputException">No tests. A p outside 0 … 1 or NaN: <see cref="OutOfDomainException"/>.</exception>
    public static double[] Holm(ReadOnlySpan<double> p)
    {
        var order = Validate("Holm adjustment", p);
        var adjusted = new double[p.Length];
        var running = 0.0;
        for (var i = 0; i < order.Length; i++)
        {
            running = Math.Max(running, Math.Min(1, (order.Length - i) * p[order[i]]));
            adjusted[order[i]] = running;
        }

        return adjusted;
    }

    static int[] Validate(string operation, ReadOnlySpan<double> p)
    {
        Check.NotEmpty(operation, p.Length);
        foreach (var value in p) Check.Domain(operation, "p", "between 0 and 1", value, value is >= 0 and <= 1);
        return Ranks.Order(p);
    }
}
