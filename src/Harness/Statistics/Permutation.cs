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
