namespace Vrp.Harness.Statistics;

/// <summary>Bootstrap that resamples whole groups (images) with replacement (Davison and Hinkley 1997 §3.8; Field and Welsh 2007). Draw i uses generator stream
/// i of the seed, so the result is the same to the byte whatever the number of threads.</summary>
public sealed class ClusteredBootstrap
{
    const string Name = "clustered bootstrap";

    /// <summary>Draws that have no statistic are redrawn this often before giving up: then the data cannot carry a bootstrap.</summary>
    const int Redraws = 1000;

    const int Block = 64;

    readonly Groups groups;
    readonly int draws;
    readonly ulong seed;

    /// <summary>A bootstrap of these groups.</summary>
    /// <exception cref="TooFewException">Fewer than two groups, or no draws.</exception>
    public ClusteredBootstrap(Groups groups, int draws = 10_000, ulong seed = 0)
    {
        Check.AtLeast(Name, "groups", 2, groups.Count);
        Check.AtLeast(Name, "draws", 1, draws);
        (this.groups, this.draws, this.seed) = (groups, draws, seed);
    }

    /// <summary>Percentile interval: the (1±level)/2 quantiles of the draws, interpolated linearly (numpy: quantile). Simple and transformation-respecting, a
    /// little narrow with few groups.</summary>
    /// <exception cref="NotFiniteException">The statistic of the data itself is NaN or infinite.</exception>
    /// <exception cref="TooFewException">Resamples practically never have the statistic.</exception>
    public Estimate Percentile(GroupStatistic statistic, double level = 0.95)
    {
        Check.Level(Name, level);
        var value = Observed(statistic);
        var sorted = Draws(statistic);
        Array.Sort(sorted);
        return new Estimate(value, Quantile(sorted, (1 - level) / 2), Quantile(sorted, (1 + level) / 2), level, groups.Length, groups.Count,
            $"clustered-bootstrap-percentile-{draws}", seed);
    }

    /// <summary>The percentile interval, with the one-sided p of H₀: statistic ≥ 0 read off the same draws: (1 + #{draw ≥ 0}) / (1 + draws). For
    /// differences.</summary>
    /// <exception cref="NotFiniteException">The statistic of the data itself is NaN or infinite.</exception>
    /// <exception cref="TooFewException">Resamples practically never have the statistic.</exception>
    public (Estimate Estimate, double PLower) PercentileTest(GroupStatistic statistic, double level = 0.95)
    {
        Check.Level(Name, level);
        var value = Observed(statistic);
        var sorted = Draws(statistic);
        Array.Sort(sorted);
        var estimate = new Estimate(value, Quantile(sorted, (1 - level) / 2), Quantile(sorted, (1 + level) / 2), level, groups.Length, groups.Count,
            $"clustered-bootstrap-percentile-{draws}", seed);
        return (estimate, Permutation.PValue(sorted.Count(draw => draw >= 0), draws));
    }

    /// <summary>Bias-corrected and accelerated interval (Efron 1987): z₀ from the share of draws below the value (half of the equal ones), acceleration from
    /// leaving out one group at a time.</summary>
    /// <exception cref="NotFiniteException">The statistic of the data, or with one group left out, is NaN or infinite.</exception>
    /// <exception cref="ConstantInputException">All draws are on one side of the value: there is no bias correction.</exception>
    public Estimate Bca(GroupStatistic statistic, double level = 0.95)
    {
        Check.Level(Name, level);
        var value = Observed(statistic);
        var sorted = Draws(statistic);
        Array.Sort(sorted);
        var below = sorted.Count(draw => draw < value) + sorted.Count(draw => draw == value) / 2.0;
        if (below == 0 || below == draws) throw new ConstantInputException(Name, "the side of the value on which the draws fall");

        var bias = Distribution.NormalQuantile(below / draws);
        var acceleration = Acceleration(statistic);
        double End(double tail)
        {
            var z = bias + Distribution.NormalQuantile(tail);
            return Quantile(sorted, Distribution.NormalCdf(bias + z / (1 - acceleration * z)));
        }

        return new Estimate(value, End((1 - level) / 2), End((1 + level) / 2), level, groups.Length, groups.Count, $"clustered-bootstrap-bca-{draws}", seed);
    }

    /// <summary>The statistic of every draw, in draw order.</summary>
    /// <exception cref="TooFewException">Resamples practically never have the statistic.</exception>
    public double[] Draws(GroupStatistic statistic)
    {
        var values = new double[draws];
        InParallel.For((draws + Block - 1) / Block, block =>
        {
            var counts = new int[groups.Count];
            for (var draw = block * Block; draw < Math.Min(draws, (block + 1) * Block); draw++)
            {
                var random = Xoshiro256.Stream(seed, draw);
                var value = double.NaN;
                for (var attempt = 0; attempt < Redraws && double.IsNaN(value); attempt++)
                {
                    Array.Clear(counts);
                    for (var i = 0; i < counts.Length; i++) counts[random.NextInt(counts.Length)]++;
                    value = statistic(counts);
                }

                values[draw] = value;
            }
        });
        var without = values.Count(double.IsNaN);
        if (without > 0) throw new TooFewException(Name, $"draws with a defined statistic in {Redraws} attempts each", draws, draws - without);
        Check.Finite(Name, "draws", values);
        return values;
    }

    double Observed(GroupStatistic statistic)
    {
        var once = new int[groups.Count];
        Array.Fill(once, 1);
        var value = statistic(once);
        Check.Finite(Name, "statistic of the data", [value]);
        return value;
    }

    double Acceleration(GroupStatistic statistic)
    {
        var counts = new int[groups.Count];
        var without = new double[groups.Count];
        Array.Fill(counts, 1);
        for (var g = 0; g < counts.Length; g++)
        {
            counts[g] = 0;
            without[g] = statistic(counts);
            counts[g] = 1;
        }

        Check.Finite(Name, "statistic without one group", without);
        var mean = without.Average();
        double squares = without.Sum(value => Math.Pow(mean - value, 2)), cubes = without.Sum(value => Math.Pow(mean - value, 3));
        return squares > 0 ? cubes / (6 * Math.Pow(squares, 1.5)) : 0;
    }

    /// <summary>Linear interpolation between order statistics (numpy's default, Hyndman and Fan's type 7).</summary>
    static double Quantile(double[] sorted, double p)
    {
        var position = Math.Clamp(p, 0, 1) * (sorted.Length - 1);
        var low = (int)position;
        return low + 1 < sorted.Length ? sorted[low] + (position - low) * (sorted[low + 1] - sorted[low]) : sorted[^1];
    }
}
