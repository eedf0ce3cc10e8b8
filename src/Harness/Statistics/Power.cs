namespace Vrp.Harness.Statistics;

/// <summary>What n can decide, and what n would. Normal approximations (Chow, Shao and Wang 2008), two-sided unless said; with groups, multiply n by the design
/// effect.</summary>
public static class Power
{
    /// <summary>Smallest true effect found with the given power: (z_{1−α/2} + z_power)·se.</summary>
    /// <exception cref="OutOfDomainException">A standard error not above 0, α or power outside (0, 1).</exception>
    public static double MinimumDetectableEffect(double standardError, double alpha = 0.05, double power = 0.8)
    {
        Validate(alpha, power);
        Check.Domain("minimum detectable effect", "standard error", "above 0", standardError, standardError > 0 && double.IsFinite(standardError));
        return (Distribution.NormalCritical(1 - alpha) + Distribution.NormalQuantile(power)) * standardError;
    }

    /// <summary>Rows needed to show a paired loss of at most <paramref name="margin"/> (non-inferiority, one-sided α) when the true loss is 0 and a share of
    /// <paramref name="discordant"/> of the pairs differs: (z_{1−α} + z_power)² · discordant / margin² · design effect.</summary>
    /// <param name="margin">In shares: 0.01 = one percentage point.</param>
    /// <param name="discordant">Share of pairs in which exactly one of the two is right.</param>
    /// <param name="designEffect">See <see cref="ClusteredMean.DesignEffect"/>.</param>
    /// <param name="alpha">One-sided.</param>
    /// <param name="power">Chance of showing it.</param>
    /// <exception cref="OutOfDomainException">Inputs outside their domains.</exception>
    public static int NeededForNonInferiority(double margin, double discordant, double designEffect = 1, double alpha = 0.025, double power = 0.8)
    {
        Validate(alpha, power);
        Check.Domain("needed rows for non-inferiority", "margin", "above 0", margin, margin > 0);
        Check.Domain("needed rows for non-inferiority", "discordant share", "above 0 and at most 1", discordant, discordant is > 0 and <= 1);
        Check.Domain("needed rows for non-inferiority", "design effect", "above 0", designEffect, designEffect > 0);
        return Rows(Math.Pow((Distribution.NormalQuantile(1 - alpha) + Distribution.NormalQuantile(power)) / margin, 2) * discordant * designEffect);
    }

    /// <summary>Rows needed to show |ρ| &lt; margin by TOST when ρ = 0: ((z_{1−α} + z_{1−(1−power)/2}) / atanh margin)² + 3, times the design effect.</summary>
    /// <exception cref="OutOfDomainException">Inputs outside their domains.</exception>
    public static int NeededForCorrelationEquivalence(double margin, double designEffect = 1, double alpha = 0.05, double power = 0.8)
    {
        Validate(alpha, power);
        Check.Domain("needed rows for equivalence", "margin", "strictly between 0 and 1", margin, margin is > 0 and < 1);
        Check.Domain("needed rows for equivalence", "design effect", "above 0", designEffect, designEffect > 0);
        return Rows((Math.Pow((Distribution.NormalQuantile(1 - alpha) + Distribution.NormalQuantile(1 - (1 - power) / 2)) / Math.Atanh(margin), 2)
            + 3) * designEffect);
    }

    static int Rows(double n) => n < int.MaxValue ? (int)Math.Ceiling(n - 1e-9) : throw new OutOfDomainException("needed rows", "n", "countable", n);

    static void Validate(double alpha, double power)
    {
        Check.Domain("power", "alpha", "between 0 and 1", alpha, alpha is > 0 and < 1);
        Check.Domain("power", "power", "between 0 and 1", power, power is > 0 and < 1);
    }
}
