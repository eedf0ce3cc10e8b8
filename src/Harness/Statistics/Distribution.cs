using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Vrp.Harness.Statistics;

/// <summary>Quantiles and tails of the reference distributions. MathNet gives the functions; the inverses that it finds by bracketing are polished by Newton
/// steps, because its stopping rule (1e-8 or so in places) is coarser than the 1e-9 that is promised here.</summary>
static class Distribution
{
    /// <summary>Standard normal quantile (scipy: norm.ppf).</summary>
    public static double NormalQuantile(double p)
    {
        var x = Normal.InvCDF(0, 1, p);
        return double.IsFinite(x) ? x - (NormalCdf(x) - p) / Normal.PDF(0, 1, x) : x;
    }

    /// <summary>Standard normal distribution function, by erfc so that the tail keeps its digits.</summary>
    public static double NormalCdf(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    /// <summary>P(|Z| ≥ |z|) of a standard normal.</summary>
    public static double NormalTwoSided(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>Two-sided level's critical value: z with P(|Z| ≤ z) = level.</summary>
    public static double NormalCritical(double level) => NormalQuantile(0.5 + level / 2);

    /// <summary>P(|T| ≥ |t|) of Student's t, through the incomplete beta function I_{ν/(ν+t²)}(ν/2, ½).</summary>
    public static double StudentTwoSided(double t, double degrees) =>
        double.IsInfinity(t) ? 0 : SpecialFunctions.BetaRegularized(degrees / 2, 0.5, degrees / (degrees + t * t));

    /// <summary>t with P(|T| ≤ t) = level (scipy: t.ppf((1 + level) / 2, degrees)).</summary>
    public static double StudentCritical(double level, double degrees)
    {
        var t = StudentT.InvCDF(0, 1, degrees, 0.5 + level / 2);
        for (var step = 0; step < 3; step++)
            t += (StudentTwoSided(t, degrees) - (1 - level)) / (2 * StudentT.PDF(0, 1, degrees, t));
        return t;
    }

    /// <summary>P(X ≥ x) of chi-squared.</summary>
    public static double ChiSquaredUpper(double x, double degrees) => x <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(degrees / 2, x / 2);

    /// <summary>Quantile of Beta(a, b) (scipy: beta.ppf): bisection on the regularised incomplete beta function until the interval has no number
    /// inside.</summary>
    public static double BetaQuantile(double p, double a, double b)
    {
        double low = 0, high = 1;
        while (true)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) return middle;
            if (SpecialFunctions.BetaRegularized(a, b, middle) < p) low = middle;
            else high = middle;
        }
    }

    /// <summary>log P(X = k) of Binomial(n, ½).</summary>
    public static double LogHalfBinomial(int k, int n) =>
        SpecialFunctions.GammaLn(n + 1.0) - SpecialFunctions.GammaLn(k + 1.0) - SpecialFunctions.GammaLn(n - k + 1.0) - n * Math.Log(2);
}
