namespace Vrp.Harness.Statistics;

/// <summary>Correlations and their intervals.</summary>
public static class Correlation
{
    /// <summary>Pearson's r = Σ(x−x̄)(y−ȳ) / √(Σ(x−x̄)² Σ(y−ȳ)²) (scipy: pearsonr). No unit, −1 … 1.</summary>
    /// <exception cref="ConstantInputException">An input does not vary. NaN: <see cref="NotFiniteException"/>; fewer than two rows: <see
    /// cref="TooFewException"/>.</exception>
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
    /// <exception cref="OneClassException">Only one class. Constant measure: <see cref="ConstantInputException"/>; n ≤ 3 or |r| = 1 have no interval: <see
    /// cref="TooFewException"/>, <see cref="OutOfDomainException"/>.</exception>
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

    /// <summary>Fisher's interval of a correlation: tanh(atanh r ± z/√(n−3)). It takes rows as independent: for rows in groups the clustered bootstrap stands
    /// beside it.</summary>
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
