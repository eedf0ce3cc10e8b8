using System.Text.RegularExpressions;
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

/// <summary>All signals together (claim fusion): z-scored signals, L2 logistic regression, same held-out protocol.</summary>
public static class Fusion
{
    /// <summary>Fits the weights on the fitting rows and scores the scored rows. A probe enters by its <see cref="ProbeResult.CrossFitted"/> scores, which are
    /// out of fold on the fitting rows: with in-sample scores there the fusion would trust the probe too much.</summary>
    /// <param name="signals">Name and one finite value per row each.</param>
    /// <param name="labels">Labels.</param>
    /// <param name="groups">Images.</param>
    /// <param name="split">The split that the probes among the signals used: another one would let scored images into the fit.</param>
    /// <param name="seed">Of the inner folds.</param>
    /// <returns>The result; Linear.Weights are in the order of the signals, per standard deviation.</returns>
    /// <exception cref="EmptyInputException">No signals. Unequal lengths: <see cref="LengthMismatchException"/>; NaN: <see
    /// cref="NotFiniteException"/>.</exception>
    public static ProbeResult Run(IReadOnlyList<(string Name, double[] Values)> signals, bool[] labels, Groups groups, Split split, ulong seed = 0)
    {
        Check.NotEmpty("fusion", signals.Count);
        foreach (var (name, values) in signals)
        {
            Check.SameLength("fusion", name, labels.Length, values.Length);
            Check.Finite("fusion", name, values);
        }

        var rows = Enumerable.Range(0, labels.Length).Select(row => signals.Select(signal => signal.Values[row]).ToArray()).ToArray();
        return L2Probe.Run(new ProbeData(ArrayStates.OfFeatures(rows), labels, groups), split, L2Options.Default with { Seed = seed });
    }
}

/// <summary>Shortcut baselines: what the labels can be predicted from without looking into the model. A probe that is no better has found the question, not
/// reliability. Each is an L2 logistic regression by the same held-out protocol.</summary>
public static partial class Shortcuts
{
    /// <summary>One column per distinct value (question kind, object that the question names, predicted answer), in ordinal order.</summary>
    /// <exception cref="EmptyInputException">No rows.</exception>
    public static ArrayStates OneHot(IReadOnlyList<string> values)
    {
        Check.NotEmpty("one-hot baseline", values.Count);
        var column = values.Distinct().Order(StringComparer.Ordinal).Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return ArrayStates.OfFeatures([.. values.Select(value => Row(column.Count, [column[value]]))]);
    }

    /// <summary>Bag of words of the question text alone: one column per lower-case word (letters and digits) or number, 1 where the text holds it. A word that
    /// the fitting rows lack gets no weight.</summary>
    /// <exception cref="EmptyInputException">No rows, or no words.</exception>
    public static ArrayStates BagOfWords(IReadOnlyList<string> texts)
    {
        Check.NotEmpty("bag-of-words baseline", texts.Count);
        string[][] words = [.. texts.Select(text => Words().Matches(text.ToLowerInvariant()).Select(match => match.Value).Distinct().ToArray())];
        var column = words.SelectMany(row => row).Distinct().Order(StringComparer.Ordinal).Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        Check.NotEmpty("words of the bag-of-words baseline", column.Count);
        return ArrayStates.OfFeatures([.. words.Select(row => Row(column.Count, row.Select(word => column[word])))]);
    }

    /// <summary>A baseline's held-out result.</summary>
    /// <exception cref="OneClassException">A half or an inner fold of one class.</exception>
    public static ProbeResult Run(ArrayStates features, bool[] labels, Groups groups, Split split, ulong seed = 0) =>
        L2Probe.Run(new ProbeData(features, labels, groups), split, L2Options.Default with { Seed = seed });

    static double[] Row(int length, IEnumerable<int> ones)
    {
        var row = new double[length];
        foreach (var one in ones) row[one] = 1;
        return row;
    }

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Words();
}
