using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>The supervised classifier of claim attention-classifier: the eleven <see cref="AttentionFeatures"/>, with all squares and products of two for the
/// logistic regression (scikit-learn: PolynomialFeatures(2, include_bias=False)), boosted trees and a random forest beside it, all by the held-out
/// protocol.</summary>
/// <param name="Logistic">L2 logistic regression on 77 features.</param>
/// <param name="Boosted">Boosted trees on 11.</param>
/// <param name="Forest">Random forest on 11.</param>
public sealed record AttentionClassifier(ProbeResult Logistic, ProbeResult Boosted, ProbeResult Forest)
{
    /// <summary>Fits the three on the fitting rows and scores the scored rows.</summary>
    /// <exception cref="OneClassException">A half or an inner fold of one class. NaN: <see cref="NotFiniteException"/>.</exception>
    public static AttentionClassifier Run(IReadOnlyList<AttentionFeatures> features, bool[] labels, Groups groups, Split split, ulong seed = 0)
    {
        double[][] plain = [.. features.Select(row => row.ToArray())];
        var data = new ProbeData(ArrayStates.OfFeatures(plain), labels, groups);
        return new AttentionClassifier(
            L2Probe.Run(data with { States = ArrayStates.OfFeatures([.. Interactions(plain, split.Fitting.ToArray())]) }, split,
                L2Options.Default with { Seed = seed }),
            TreeProbe.Boosted(data, split, seed: seed), TreeProbe.Forest(data, split, seed: seed));
    }

    /// <summary>Per row: the features, then all products x_i x_j, i ≤ j. Features are standardised by the fitting rows first, so that a product is an
    /// interaction and not mostly its larger factor.</summary>
    internal static IEnumerable<double[]> Interactions(double[][] rows, int[] fitting)
    {
        var n = rows[0].Length;
        double[] mean = [.. Enumerable.Range(0, n).Select(f => fitting.Average(row => rows[row][f]))];
        double[] scale = [.. Enumerable.Range(0, n).Select(f => Math.Sqrt(fitting.Average(row => Math.Pow(rows[row][f] - mean[f], 2))))];
        return rows.Select(row =>
        {
            double[] z = [.. row.Select((value, f) => scale[f] > 0 ? (value - mean[f]) / scale[f] : 0)];
            return z.Concat(Enumerable.Range(0, n).SelectMany(i => Enumerable.Range(i, n - i).Select(j => z[i] * z[j]))).ToArray();
        });
    }
}
