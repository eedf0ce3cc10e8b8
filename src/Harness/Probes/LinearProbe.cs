using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>f = w·z + b.</summary>
public sealed class LinearProbe : FittedProbe
{
    internal LinearProbe(string kind, int layer, double c, double[] weights, double intercept, Standardiser standardiser, Groups groups,
        ReadOnlySpan<int> fittingRows)
        : base(kind, layer, standardiser, groups, fittingRows) => (C, Weights, Intercept) = (c, weights, intercept);

    /// <summary>Penalty: weight of the loss, as in scikit-learn.</summary>
    public double C { get; }

    /// <summary>Per standardised unit. |Weights[u]| is |weight × standard deviation| in raw units: the ranking of the ablation's units.</summary>
    public double[] Weights { get; }

    /// <summary>b.</summary>
    public double Intercept { get; }

    /// <summary>Share of all units with a weight other than 0 (|w| &gt; 1e-8).</summary>
    public double NonZeroShare => Weights.Count(weight => Math.Abs(weight) > 1e-8) / (double)Weights.Length;

    /// <summary>Units by |weight| in standardised units, largest first, ties to the lower index.</summary>
    public int[] RankedUnits() => Ranks.OrderDescending([.. Weights.Select(Math.Abs)]);

    private protected override void Decide(float[] z, double[] scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            var sum = Intercept;
            var row = z.AsSpan(i * Weights.Length, Weights.Length);
            for (var u = 0; u < Weights.Length; u++) sum += Weights[u] * row[u];
            scores[i] = sum;
        }
    }
}
