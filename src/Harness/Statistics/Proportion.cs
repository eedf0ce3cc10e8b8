namespace Vrp.Harness.Statistics;

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
