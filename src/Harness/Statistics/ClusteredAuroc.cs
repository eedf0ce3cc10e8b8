namespace Vrp.Harness.Statistics;

/// <summary>AUROC of rows that come in groups (several questions about one image), after Obuchowski 1997, "Nonparametric analysis of clustered ROC curve data",
/// Biometrics 53: DeLong's components are summed per group, and groups, not rows, are the independent units. The interval that judges every AUROC
/// claim.</summary>
/// <remarks>With A_g and B_g the sums over a group of V10 − AUROC and V01 − AUROC, I₁ and I₀ the groups that have positives and negatives, G all groups, n₁ and
/// n₀ the rows: s₁₀ = I₁/((I₁−1)n₁) ΣA², s₀₁ = I₀/((I₀−1)n₀) ΣB², s₁₁ = G/(G−1) ΣAB, var = s₁₀/n₁ + s₀₁/n₀ + 2s₁₁/(n₁n₀).</remarks>
public static class ClusteredAuroc
{
    const string Name = "clustered AUROC";

    /// <summary>AUROC with its interval on the logit scale: logit⁻¹(logit A ± t·se/(A(1−A))), t with min(I₁, I₀) − 1 degrees of freedom.
    /// A perfect A (0 or 1) has no logit: its free end is then the exact (Clopper-Pearson) bound of min(I₁, I₀) groups without a failure, 1 − (α/2)^(1/min),
    /// and the method says so.</summary>
    /// <exception cref="TooFewException">Fewer than two groups with positives or with negatives.</exception>
    /// <exception cref="OneClassException">Only one class. NaN or infinite scores: <see cref="NotFiniteException"/>.</exception>
    public static Estimate Interval(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores, Groups groups, double level = 0.95)
    {
        Check.Level(Name, level);
        var (positives, negatives) = Sizes(labels, scores, groups);
        var placements = Placements.Compute(labels, scores, positives, negatives);
        var (variance, smaller) = Variance(labels, placements.Of, placements.Auroc, groups, positives, negatives);
        var auroc = placements.Auroc;
        if (auroc is 0 or 1)
        {
            var bound = Math.Pow((1 - level) / 2, 1.0 / smaller);
            return new Estimate(auroc, auroc == 1 ? bound : 0, auroc == 1 ? 1 : 1 - bound, level, labels.Length, groups.Count,
                "obuchowski-perfect-exact-bound");
        }

        var half = Distribution.StudentCritical(level, smaller - 1) * Math.Sqrt(variance) / (auroc * (1 - auroc));
        var logit = Math.Log(auroc / (1 - auroc));
        return new Estimate(auroc, Logistic(logit - half), Logistic(logit + half), level, labels.Length, groups.Count, "obuchowski-logit");
    }

    /// <summary>Standard error of the AUROC.</summary>
    /// <exception cref="TooFewException">Fewer than two groups with positives or with negatives.</exception>
    public static double StandardError(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores, Groups groups)
    {
        var (positives, negatives) = Sizes(labels, scores, groups);
        var placements = Placements.Compute(labels, scores, positives, negatives);
        return Math.Sqrt(Variance(labels, placements.Of, placements.Auroc, groups, positives, negatives).Variance);
    }

    /// <summary>Paired difference of two scores' AUROCs on the same rows (a − b): the same sums over the components' differences, a Wald interval and p by t
    /// with min(I₁, I₀) − 1 degrees. Two scores that rank every pair alike differ by exactly 0: the interval is [0, 0] and p = 1.</summary>
    /// <exception cref="TooFewException">Fewer than two groups with positives or with negatives.</exception>
    public static (Estimate Difference, double P) Paired(ReadOnlySpan<bool> labels, ReadOnlySpan<double> a, ReadOnlySpan<double> b, Groups groups,
        double level = 0.95)
    {
        Check.Level(Name, level);
        var (positives, negatives) = Sizes(labels, a, groups);
        Check.Binary(Name, labels, b);
        var first = Placements.Compute(labels, a, positives, negatives);
        var second = Placements.Compute(labels, b, positives, negatives);
        var components = new double[labels.Length];
        for (var i = 0; i < components.Length; i++) components[i] = first.Of[i] - second.Of[i];
        var difference = first.Auroc - second.Auroc;
        var (variance, smaller) = Variance(labels, components, difference, groups, positives, negatives);
        var error = Math.Sqrt(variance);
        var half = Distribution.StudentCritical(level, smaller - 1) * error;
        var p = error > 0 ? Distribution.StudentTwoSided(difference / error, smaller - 1) : difference == 0 ? 1 : 0;
        return (new Estimate(difference, difference - half, difference + half, level, labels.Length, groups.Count, "obuchowski-paired"), p);
    }

    static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    static (int Positives, int Negatives) Sizes(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores, Groups groups)
    {
        var sizes = Check.Binary(Name, labels, scores);
        Check.SameLength(Name, "groups", labels.Length, groups.Length);
        return sizes;
    }

    static (double Variance, int SmallerGroups) Variance(ReadOnlySpan<bool> labels, ReadOnlySpan<double> components, double centre, Groups groups,
        int positives, int negatives)
    {
        double squaresA = 0, squaresB = 0, products = 0;
        int withPositives = 0, withNegatives = 0;
        for (var g = 0; g < groups.Count; g++)
        {
            double a = 0, b = 0;
            bool anyPositive = false, anyNegative = false;
            foreach (var row in groups.Rows(g))
                if (labels[row]) (a, anyPositive) = (a + (components[row] - centre), true);
                else (b, anyNegative) = (b + (components[row] - centre), true);
            squaresA += a * a;
            squaresB += b * b;
            products += a * b;
            withPositives += anyPositive ? 1 : 0;
            withNegatives += anyNegative ? 1 : 0;
        }

        Check.AtLeast(Name, "groups with positive rows", 2, withPositives);
        Check.AtLeast(Name, "groups with negative rows", 2, withNegatives);
        var s10 = withPositives / ((withPositives - 1.0) * positives) * squaresA;
        var s01 = withNegatives / ((withNegatives - 1.0) * negatives) * squaresB;
        var s11 = groups.Count / (groups.Count - 1.0) * products;
        // The estimator is a difference of sums and can fall below zero when the two classes are strongly opposed within groups; a variance cannot.
        return (Math.Max(0, s10 / positives + s01 / negatives + 2 * s11 / ((double)positives * negatives)), Math.Min(withPositives, withNegatives));
    }
}
