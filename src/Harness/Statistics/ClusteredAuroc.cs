namespace Vrp.Harness.Statistics;

/// <summary>AUROC of rows that come in groups (several questions about one image), after Obuchowski 1997, "Nonparametric analysis of clustered ROC curve data",
/// Biometrics 53: DeLong's components are summed per group, and groups, not rows, are the independent units. The interval that judges every AUROC
/// claim.</summary>
/// <remarks>With A_g and B_g the sums over a group of V10 − AUROC and V01 − AUROC, I₁ and I₀ the groups that have positives and negatives, G all groups, n₁ and
/// n₀ the rows: s₁₀ = I₁/((I₁−1)n₁) ΣA², s₀₁ = I₀/((I₀−1)n₀) ΣB², s₁₁ = G/(G−1) ΣAB, var = s₁₀/n₁ + s₀₁/n₀ + 2s₁₁/(n₁n₀).</remarks>
public static class ClusteredAuroc
{
    const string Name = "clustered AUROC";

    /// <summary>AUROC with its interval on the logit scale: logit⁻¹(logit A ± t·se/(A(1−A))), t with min(I₁, I₀) − 1 degrees of freedom. A perfect A (0 or 1)
    /// has no logit: its free end is then the exact (Clopper-Pearson) bound of min(I₁, I₀) groups without a failure, 1 − (α/2)^(1/min), and the method says
    /// so.</summary>
    /// <exception cref="TooFewException">Fewer than two groups with positives or with negatives.</exception>
    /// <exception cref="OneClassException">Only one class. NaN or infinite scores: <see cref="NotFiniteException"/>.</exception>
    public static Estimate Interval(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores, Groups groups, double level = 0.95)
    {
        Check.Level(Name, level);
        var (positives, negatives) = Sizes(labels, scores, groups);
        var placements = Placements.Compute(labels, scores, positives, negatives);
        var (variance, smaller) = Variance(labels, placements.Of, placements.Auroc, groups, positives, negatives);
        return OnLogit(placements.Auroc, Math.Sqrt(variance), smaller, level, groups, "obuchowski-logit", "obuchowski-perfect-exact-bound");
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
        return Wald(difference, Math.Sqrt(variance), smaller, level, groups, "obuchowski-paired");
    }

    /// <summary>The interval on the logit scale, or of a perfect AUROC the exact bound of <paramref name="smaller"/> groups without a failure.</summary>
    internal static Estimate OnLogit(double auroc, double error, int smaller, double level, Groups groups, string method, string perfectMethod)
    {
        if (auroc is 0 or 1)
        {
            var bound = Math.Pow((1 - level) / 2, 1.0 / smaller);
            return new Estimate(auroc, auroc == 1 ? bound : 0, auroc == 1 ? 1 : 1 - bound, level, groups.Length, groups.Count, perfectMethod);
        }

        var half = Distribution.StudentCritical(level, smaller - 1) * error / (auroc * (1 - auroc));
        var logit = Math.Log(auroc / (1 - auroc));
        return new Estimate(auroc, Logistic(logit - half), Logistic(logit + half), level, groups.Length, groups.Count, method);

        static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
    }

    /// <summary>A difference with its Wald interval and two-sided p, by t with <paramref name="smaller"/> − 1 degrees of freedom.</summary>
    internal static (Estimate Difference, double P) Wald(double difference, double error, int smaller, double level, Groups groups, string method)
    {
        var half = Distribution.StudentCritical(level, smaller - 1) * error;
        var p = error > 0 ? Distribution.StudentTwoSided(difference / error, smaller - 1) : difference == 0 ? 1 : 0;
        return (new Estimate(difference, difference - half, difference + half, level, groups.Length, groups.Count, method), p);
    }

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

/// <summary>AUROC that compares rows of one stratum (question kind) only, pooled over strata with fixed weights, with images as the independent units. A score
/// that merely tells easy kinds from hard ones is at 0.5 here, whatever it reaches on the pooled rows.</summary>
/// <remarks>A = Σ_s w_s A_s, w_s ∝ n₁n₀/(n₁+n₀) of the stratum (van Elteren 1960: the weights that are best where all A_s are alike). An image's influence is
/// the sum over its rows, of all strata, of w_s (V − A_s)/n_class; var = G/(G−1) Σ_g influence². With one stratum this is <see cref="ClusteredAuroc"/>, and
/// that is what is called.</remarks>
public static class StratifiedAuroc
{
    const string Name = "stratified AUROC";

    /// <summary>The pooled AUROC with its interval on the logit scale, t with (images that have both a stratum's positives and negatives to compare, the fewer
    /// of the two) − 1 degrees.</summary>
    /// <param name="labels">True = positive.</param>
    /// <param name="scores">Higher = more positive; comparable within a stratum only.</param>
    /// <param name="strata">Stratum id of every row.</param>
    /// <param name="groups">The image of every row.</param>
    /// <param name="level">Level.</param>
    /// <exception cref="OneClassException">A stratum of one class: leave it out, and say so.</exception>
    public static Estimate Interval(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores, ReadOnlySpan<int> strata, Groups groups, double level = 0.95)
    {
        Check.Level(Name, level);
        if (Single(strata)) return ClusteredAuroc.Interval(labels, scores, groups, level);
        var (auroc, error, smaller) = Compute(labels, scores, null, strata, groups);
        return ClusteredAuroc.OnLogit(auroc, error, smaller, level, groups, "stratified-auroc-clustered-logit", "stratified-auroc-perfect-exact-bound");
    }

    /// <summary>Paired difference of two scores on the same rows, a − b, with a Wald interval and its two-sided p.</summary>
    /// <exception cref="OneClassException">A stratum of one class.</exception>
    public static (Estimate Difference, double P) Paired(ReadOnlySpan<bool> labels, ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<int> strata,
        Groups groups, double level = 0.95)
    {
        Check.Level(Name, level);
        if (Single(strata)) return ClusteredAuroc.Paired(labels, a, b, groups, level);
        var (difference, error, smaller) = Compute(labels, a, b.ToArray(), strata, groups);
        return ClusteredAuroc.Wald(difference, error, smaller, level, groups, "stratified-auroc-clustered-paired");
    }

    static bool Single(ReadOnlySpan<int> strata)
    {
        foreach (var stratum in strata)
            if (stratum != strata[0]) return false;
        return true;
    }

    static (double Value, double Error, int SmallerGroups) Compute(ReadOnlySpan<bool> labels, ReadOnlySpan<double> a, double[]? b, ReadOnlySpan<int> strata,
        Groups groups)
    {
        Check.NotEmpty(Name, labels.Length);
        Check.SameLength(Name, "scores", labels.Length, a.Length);
        Check.SameLength(Name, "strata", labels.Length, strata.Length);
        Check.SameLength(Name, "groups", labels.Length, groups.Length);
        Check.AtLeast(Name, "groups", 2, groups.Count);
        var influence = new double[groups.Count];
        var (withPositives, withNegatives) = (new bool[groups.Count], new bool[groups.Count]);
        var parts = new List<(double Weight, double Value, int[] Rows, double[] Components, int Positives, int Negatives)>();
        foreach (var rows in RowsOf(strata))
        {
            var (y, x) = (new bool[rows.Length], new double[rows.Length]);
            for (var i = 0; i < rows.Length; i++) (y[i], x[i]) = (labels[rows[i]], a[rows[i]]);
            var (positives, negatives) = Check.Binary(Name, y, x);
            var placements = Placements.Compute(y, x, positives, negatives);
            var (value, components) = (placements.Auroc, placements.Of);
            if (b is not null)
            {
                double[] other = [.. rows.Select(row => b[row])];
                Check.Binary(Name, y, other);
                var second = Placements.Compute(y, other, positives, negatives);
                value -= second.Auroc;
                components = [.. components.Zip(second.Of, (p, q) => p - q)];
            }

            parts.Add((positives * (double)negatives / rows.Length, value, rows, components, positives, negatives));
        }

        var total = parts.Sum(part => part.Weight);
        var pooled = parts.Sum(part => part.Weight * part.Value) / total;
        foreach (var (weight, value, rows, components, positives, negatives) in parts)
            for (var i = 0; i < rows.Length; i++)
            {
                var group = groups.Of[rows[i]];
                influence[group] += weight / total * (components[i] - value) / (labels[rows[i]] ? positives : negatives);
                (labels[rows[i]] ? withPositives : withNegatives)[group] = true;
            }

        var smaller = Math.Min(withPositives.Count(x => x), withNegatives.Count(x => x));
        Check.AtLeast(Name, "groups with rows of either class", 2, smaller);
        return (pooled, Math.Sqrt(groups.Count / (groups.Count - 1.0) * influence.Sum(u => u * u)), smaller);
    }

    static IEnumerable<int[]> RowsOf(ReadOnlySpan<int> strata) =>
        strata.ToArray().Index().GroupBy(pair => pair.Item).OrderBy(g => g.Key).Select(g => g.Select(pair => pair.Index).ToArray());
}
