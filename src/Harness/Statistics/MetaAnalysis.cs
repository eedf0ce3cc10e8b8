namespace Vrp.Harness.Statistics;

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
