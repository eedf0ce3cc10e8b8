namespace Vrp.Harness.Statistics;

/// <summary>Claims of no effect and of no loss. "The interval holds 0" gets easier with less data; these get harder.</summary>
public static class Equivalence
{
    /// <summary>Two one-sided tests (Schuirmann 1987) of |effect| &lt; margin by a normal or t statistic: p is the larger of the two one-sided p-values.
    /// p ≤ α is the same as the 1 − 2α interval lying inside (−margin, margin).</summary>
    /// <param name="effect">Point estimate.</param>
    /// <param name="standardError">Its standard error, &gt; 0.</param>
    /// <param name="margin">Largest effect that still counts as none, &gt; 0, in the effect's unit.</param>
    /// <param name="degrees">Degrees of freedom of the t statistic; infinity = normal.</param>
    /// <exception cref="OutOfDomainException">A standard error or margin that is not above 0, or NaN.</exception>
    public static double TostP(double effect, double standardError, double margin, double degrees = double.PositiveInfinity)
    {
        Check.Finite("equivalence test", "effect", [effect]);
        Check.Domain("equivalence test", "margin", "above 0", margin, margin > 0);
        return Math.Max(NonInferiorityP(effect, standardError, margin, degrees), NonInferiorityP(-effect, standardError, margin, degrees));
    }

    /// <summary>TOST of a correlation on Fisher's z scale: |ρ| &lt; margin, rows as independent.</summary>
    /// <exception cref="TooFewException">n ≤ 3. |r| ≥ 1 or a margin outside (0, 1): <see cref="OutOfDomainException"/>.</exception>
    public static double CorrelationTostP(double r, int n, double margin)
    {
        Check.AtLeast("equivalence test of a correlation", "rows", 4, n);
        Check.Domain("equivalence test of a correlation", "r", "strictly between -1 and 1", r, r is > -1 and < 1);
        Check.Domain("equivalence test of a correlation", "margin", "strictly between 0 and 1", margin, margin is > 0 and < 1);
        return TostP(Math.Atanh(r), 1 / Math.Sqrt(n - 3.0), Math.Atanh(margin));
    }

    /// <summary>Non-inferiority: one-sided p of H₀: effect ≤ −margin (effect = new − old, higher is better; margin 0 tests superiority).</summary>
    /// <exception cref="OutOfDomainException">A standard error that is not above 0, a negative margin, or NaN.</exception>
    public static double NonInferiorityP(double effect, double standardError, double margin, double degrees = double.PositiveInfinity)
    {
        Check.Finite("non-inferiority test", "effect", [effect]);
        Check.Domain("non-inferiority test", "standard error", "above 0", standardError, standardError > 0 && double.IsFinite(standardError));
        Check.Domain("non-inferiority test", "margin", "0 or more", margin, margin >= 0);
        Check.Domain("non-inferiority test", "degrees", "above 0", degrees, degrees > 0);
        var t = (effect + margin) / standardError;
        var twoSided = double.IsPositiveInfinity(degrees) ? Distribution.NormalTwoSided(t) : Distribution.StudentTwoSided(t, degrees);
        return t > 0 ? twoSided / 2 : 1 - twoSided / 2;
    }

    /// <summary>What an interval says about |effect| &lt; margin: true = entirely inside, false = entirely outside, null = it cannot decide.</summary>
    public static bool? Decide(Estimate effect, double margin)
    {
        if (effect.IsWithin(-margin, margin)) return true;
        return effect.IsAbove(margin) || effect.IsBelow(-margin) ? false : null;
    }
}
