namespace Vrp.Harness.Statistics;

/// <summary>Correlations and their intervals.</summary>
public static class Correlation
{
    /// <summary>Pearson's r = Σ(x−x̄)(y−ȳ) / √(Σ(x−x̄)² Σ(y−ȳ)²) (scipy: pearsonr). No unit, −1 … 1.</summary>
    /// <exception cref="ConstantInputException">An input does not vary. NaN: <see cref="NotFiniteException"/>; fewer than two rows:
    /// <see cref="TooFewException"/>.</exception>
    public static double Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        const string name = "Pearson correlation";
        Check.NotEmpty(name, x.Length);
        Check.SameLength(name, "y", x.Length, y.Length);
        Check.AtLeast(name, "rows", 2, x.Length);
        Check.Finite(name, "x", x);
        Check.Finite(name, "y", y);
        double meanX = 0, meanY = 0, xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < x.Length; i++) (meanX, meanY) = (meanX + x[i], meanY + y[i]);
        (meanX, meanY) = (meanX / x.Length, meanY / x.Length);
        for (var i = 0; i < x.Length; i++)
        {
            double dx = x[i] - meanX, dy = y[i] - meanY;
            (xx, yy, xy) = (xx + dx * dx, yy + dy * dy, xy + dx * dy);
        }

        // A sum of squares at rounding level is a constant: 1e-13 of the mean, the threshold that scipy warns at.
        if (Math.Sqrt(xx) <= 1e-13 * Math.Abs(meanX) || xx == 0) throw new ConstantInputException(name, "x");
        if (Math.Sqrt(yy) <= 1e-13 * Math.Abs(meanY) || yy == 0) throw new ConstantInputException(name, "y");
        return Math.Clamp(xy / Math.Sqrt(xx) / Math.Sqrt(yy), -1, 1);
    }

    /// <summary>R_pb: Pearson's r between a measure and a binary label (scipy: pointbiserialr), with its Fisher-z interval.</summary>
    /// <exception cref="OneClassException">Only one class. Constant measure: <see cref="ConstantInputException"/>; n ≤ 3 or |r| = 1 have no interval:
    /// <see cref="TooFewException"/>, <see cref="OutOfDomainException"/>.</exception>
    public static Estimate PointBiserial(ReadOnlySpan<bool> labels, ReadOnlySpan<double> values, double level = 0.95)
    {
        Check.Binary("point-biserial correlation", labels, values);
        return FisherZ(Pearson(values, Numbers(labels)), labels.Length, level) with { Method = "point-biserial-fisher-z" };
    }

    /// <summary>R_pb alone, for bootstraps and small n.</summary>
    /// <exception cref="OneClassException">Only one class. Constant measure: <see cref="ConstantInputException"/>.</exception>
    public static double PointBiserialValue(ReadOnlySpan<bool> labels, ReadOnlySpan<double> values)
    {
        Check.Binary("point-biserial correlation", labels, values);
        return Pearson(values, Numbers(labels));
    }

    /// <summary>Two-sided p of H₀: ρ = 0 under normality: t = r√((n−2)/(1−r²)) with n − 2 degrees (the same as scipy's exact beta form).</summary>
    /// <exception cref="TooFewException">n &lt; 3.</exception>
    public static double PValue(double r, int n)
    {
        Check.AtLeast("correlation p-value", "rows", 3, n);
        Check.Domain("correlation p-value", "r", "between -1 and 1", r, r is >= -1 and <= 1);
        return Distribution.StudentTwoSided(r * Math.Sqrt((n - 2) / (1 - r * r)), n - 2);
    }

    /// <summary>Spearman's ρ: Pearson's r of midranks, p by t with n − 2 degrees (scipy: spearmanr).</summary>
    /// <exception cref="ConstantInputException">An input does not vary. n &lt; 3: <see cref="TooFewException"/>.</exception>
    public static (double Rho, double P) Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Check.NotEmpty("Spearman correlation", x.Length);
        Check.Finite("Spearman correlation", "x", x);
        Check.Finite("Spearman correlation", "y", y);
        var rho = Pearson(Ranks.Mid(x), Ranks.Mid(y));
        return (rho, PValue(rho, x.Length));
    }

    /// <summary>Fisher's interval of a correlation: tanh(atanh r ± z/√(n−3)). It takes rows as independent: for rows in groups see the clustered
    /// bootstrap.</summary>
    /// <exception cref="TooFewException">n ≤ 3: there is no interval.</exception>
    /// <exception cref="OutOfDomainException">|r| ≥ 1: atanh does not exist.</exception>
    public static Estimate FisherZ(double r, int n, double level = 0.95)
    {
        Check.Level("Fisher z interval", level);
        Check.AtLeast("Fisher z interval", "rows", 4, n);
        Check.Domain("Fisher z interval", "r", "strictly between -1 and 1", r, r is > -1 and < 1);
        double z = Math.Atanh(r), half = Distribution.NormalCritical(level) / Math.Sqrt(n - 3.0);
        return new Estimate(r, Math.Tanh(z - half), Math.Tanh(z + half), level, n, n, "fisher-z");
    }

    static double[] Numbers(ReadOnlySpan<bool> labels)
    {
        var numbers = new double[labels.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = labels[i] ? 1 : 0;
        return numbers;
    }
}

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

/// <summary>Fixed-effect (inverse-variance) meta-analysis of correlations over families and data sets (Hedges and Olkin 1985): z = atanh r, weight n −
/// 3.</summary>
/// <param name="Pooled">tanh(Σwz/Σw) with tanh(z̄ ± z_crit/√Σw); N = all rows, Groups = all groups.</param>
/// <param name="CochranQ">Σw(z − z̄)².</param>
/// <param name="HeterogeneityP">P(χ²_{k−1} ≥ Q), or null for a single study.</param>
/// <param name="I2">max(0, (Q − (k−1))/Q), the share of variation that is not chance; 0 for a single study.</param>
public sealed record MetaAnalysis(Estimate Pooled, double CochranQ, double? HeterogeneityP, double I2)
{
    /// <summary>Pools correlations.</summary>
    /// <exception cref="EmptyInputException">No studies. n ≤ 3: <see cref="TooFewException"/>; |r| ≥ 1: <see cref="OutOfDomainException"/>.</exception>
    public static MetaAnalysis OfCorrelations(ReadOnlySpan<double> r, ReadOnlySpan<int> n, double level = 0.95)
    {
        const string name = "meta-analysis of correlations";
        Check.NotEmpty(name, r.Length);
        Check.SameLength(name, "n", r.Length, n.Length);
        var (effects, variances) = (new double[r.Length], new double[r.Length]);
        var rows = 0;
        for (var i = 0; i < r.Length; i++)
        {
            Check.AtLeast(name, "rows per study", 4, n[i]);
            Check.Domain(name, "r", "strictly between -1 and 1", r[i], r[i] is > -1 and < 1);
            (effects[i], variances[i]) = (Math.Atanh(r[i]), 1 / (n[i] - 3.0));
            rows += n[i];
        }

        var (pooled, q, p, i2) = OfEffects(effects, variances, level);
        return new MetaAnalysis(new Estimate(Math.Tanh(pooled.Value), Math.Tanh(pooled.Low), Math.Tanh(pooled.High), level, rows, rows,
            "fixed-effect-fisher-z"), q, p, i2);
    }

    static MetaAnalysis OfEffects(double[] effects, double[] variances, double level)
    {
        Check.Level("meta-analysis", level);
        double weights = 0, sum = 0, q = 0;
        for (var i = 0; i < effects.Length; i++) (weights, sum) = (weights + 1 / variances[i], sum + effects[i] / variances[i]);
        var mean = sum / weights;
        for (var i = 0; i < effects.Length; i++) q += (effects[i] - mean) * (effects[i] - mean) / variances[i];
        var degrees = effects.Length - 1;
        var half = Distribution.NormalCritical(level) / Math.Sqrt(weights);
        return new MetaAnalysis(new Estimate(mean, mean - half, mean + half, level, 0, 0, "fixed-effect"), q,
            degrees > 0 ? Distribution.ChiSquaredUpper(q, degrees) : null, degrees > 0 && q > 0 ? Math.Max(0, (q - degrees) / q) : 0);
    }
}
