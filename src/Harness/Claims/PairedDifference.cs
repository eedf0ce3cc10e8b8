using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims;

/// <summary>Mean of paired differences of right (1) and wrong (0), or of their means over draws, with images as the independent units.</summary>
static class PairedDifference
{
    /// <summary>Cluster-robust t interval, never narrower than what no single event at all would leave open: where almost no row differs the variance is
    /// estimated from next to nothing, and a width near 0 would be a lie at small n. That floor is the exact (Clopper-Pearson) bound 1 − (α/2)^(1/n*) of n*
    /// rows without an event; n* = n / the design effect of right and wrong themselves, so that questions about one image count as as dependent as their
    /// answers are (as whole images where all answers are alike).</summary>
    /// <param name="differences">By row.</param>
    /// <param name="baseline">Right (1) or wrong (0) without the change, by row.</param>
    /// <param name="groups">The image of every row.</param>
    /// <param name="level">Level.</param>
    /// <exception cref="TooFewException">Fewer than two images. NaN: <see cref="NotFiniteException"/>.</exception>
    public static Estimate Interval(double[] differences, double[] baseline, Groups groups, double level)
    {
        var estimate = ClusteredMean.Interval(differences, groups, level);
        Check.SameLength("paired difference", "baseline", differences.Length, baseline.Length);
        var effective = baseline.Distinct().Count() > 1 ? Math.Clamp(differences.Length / ClusteredMean.DesignEffect(baseline, groups), groups.Count,
            differences.Length) : groups.Count;
        var floor = 1 - Math.Pow((1 - level) / 2, 1 / effective);
        var half = (estimate.High - estimate.Low) / 2;
        return half >= floor ? estimate
            : estimate with { Low = Math.Max(-1, estimate.Value - floor), High = Math.Min(1, estimate.Value + floor), Method = "clustered-mean-t-exact-floor" };
    }
}
