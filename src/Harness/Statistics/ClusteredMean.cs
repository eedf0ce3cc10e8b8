namespace Vrp.Harness.Statistics;

/// <summary>Mean of rows that come in groups (accuracy, a difference of accuracies, ΔH_s), with the cluster-robust standard error of a ratio mean.</summary>
public static class ClusteredMean
{
    /// <summary>x̄ ± t·se, se² = G/(G−1) Σ_g (Σ_{i∈g} (x_i − x̄))² / n², t with G − 1 degrees (Cochran 1977 §2.11; statsmodels: cov_type "cluster" of a
    /// constant).</summary>
    /// <exception cref="TooFewException">Fewer than two groups. NaN: <see cref="NotFiniteException"/>.</exception>
    public static Estimate Interval(ReadOnlySpan<double> values, Groups groups, double level = 0.95)
    {
        var (mean, error) = Compute(values, groups);
        Check.Level("clustered mean", level);
        var half = Distribution.StudentCritical(level, groups.Count - 1) * error;
        return new Estimate(mean, mean - half, mean + half, level, values.Length, groups.Count, "clustered-mean-t");
    }

    /// <summary>The same of a share (values 0 and 1), within 0 to 1. Where no row has what is counted, or all have, the variance is estimated from nothing and
    /// the t interval would be a point: the open end is then the exact (Clopper-Pearson) bound 1 − (α/2)^(1/G) of G groups without an event.</summary>
    /// <exception cref="TooFewException">Fewer than two groups. NaN: <see cref="NotFiniteException"/>.</exception>
    public static Estimate ShareInterval(ReadOnlySpan<double> values, Groups groups, double level = 0.95)
    {
        var estimate = Interval(values, groups, level);
        if (estimate.Value is > 0 and < 1) return estimate with { Low = Math.Max(0, estimate.Low), High = Math.Min(1, estimate.High) };
        var open = 1 - Math.Pow((1 - level) / 2, 1.0 / groups.Count);
        return estimate with { Low = estimate.Value == 0 ? 0 : 1 - open, High = estimate.Value == 0 ? open : 1, Method = "clustered-mean-exact-end" };
    }

    /// <summary>Two-sided p of H₀: mean = <paramref name="hypothesis"/>, t with G − 1 degrees. Without any variation: 1 when the mean is the hypothesis, else
    /// 0.</summary>
    /// <exception cref="TooFewException">Fewer than two groups.</exception>
    public static double PValue(ReadOnlySpan<double> values, Groups groups, double hypothesis = 0)
    {
        var (mean, error) = Compute(values, groups);
        return error > 0 ? Distribution.StudentTwoSided((mean - hypothesis) / error, groups.Count - 1) : mean == hypothesis ? 1 : 0;
    }

    /// <summary>Design effect: the variance of the mean with groups over that without (Kish 1965); n / it = the effective number of rows.</summary>
    /// <exception cref="ConstantInputException">The values do not vary.</exception>
    public static double DesignEffect(ReadOnlySpan<double> values, Groups groups)
    {
        var (mean, error) = Compute(values, groups);
        var squares = 0.0;
        foreach (var value in values) squares += (value - mean) * (value - mean);
        if (squares == 0) throw new ConstantInputException("design effect", "values");
        return error * error / (squares / (values.Length - 1) / values.Length);
    }

    static (double Mean, double Error) Compute(ReadOnlySpan<double> values, Groups groups)
    {
        const string name = "clustered mean";
        Check.NotEmpty(name, values.Length);
        Check.SameLength(name, "groups", values.Length, groups.Length);
        Check.Finite(name, "values", values);
        Check.AtLeast(name, "groups", 2, groups.Count);
        var mean = 0.0;
        foreach (var value in values) mean += value;
        mean /= values.Length;
        var squares = 0.0;
        for (var g = 0; g < groups.Count; g++)
        {
            var sum = 0.0;
            foreach (var row in groups.Rows(g)) sum += values[row] - mean;
            squares += sum * sum;
        }

        return (mean, Math.Sqrt(groups.Count / (groups.Count - 1.0) * squares) / values.Length);
    }
}

/// <summary>Intervals of a share of independent rows (statsmodels: proportion_confint). For rows in groups see <see cref="ClusteredMean"/> and the
/// bootstrap.</summary>
public static class Proportion
{
    /// <summary>Wilson's score interval (1927): (p̂ + z²/2n ± z√(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n).</summary>
    /// <exception cref="EmptyInputException">n = 0. Impossible counts: <see cref="OutOfDomainException"/>.</exception>
    public static Estimate Wilson(int successes, int n, double level = 0.95)
    {
        Validate(successes, n, level);
        double z = Distribution.NormalCritical(level), p = successes / (double)n, z2 = z * z;
        var centre = (p + z2 / (2 * n)) / (1 + z2 / n);
        var half = z * Math.Sqrt(p * (1 - p) / n + z2 / (4.0 * n * n)) / (1 + z2 / n);
        return new Estimate(p, successes == 0 ? 0 : centre - half, successes == n ? 1 : centre + half, level, n, n, "wilson");
    }

    /// <summary>Clopper and Pearson's exact interval (1934), by beta quantiles; covers at least the level (statsmodels: method "beta").</summary>
    /// <exception cref="EmptyInputException">n = 0. Impossible counts: <see cref="OutOfDomainException"/>.</exception>
    public static Estimate ClopperPearson(int successes, int n, double level = 0.95)
    {
        Validate(successes, n, level);
        var tail = (1 - level) / 2;
        return new Estimate(successes / (double)n,
            successes == 0 ? 0 : Distribution.BetaQuantile(tail, successes, n - successes + 1.0),
            successes == n ? 1 : Distribution.BetaQuantile(1 - tail, successes + 1.0, n - successes), level, n, n, "clopper-pearson");
    }

    static void Validate(int successes, int n, double level)
    {
        Check.Level("proportion interval", level);
        Check.NotEmpty("proportion interval", n);
        Check.Domain("proportion interval", "n", "0 or more", n, n >= 0);
        Check.Domain("proportion interval", "successes", $"between 0 and {n}", successes, successes >= 0 && successes <= n);
    }
}
