using MathNet.Numerics.LinearAlgebra;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Measures;

/// <summary>Top-K-head R² (claim attention-heads): how much of correctness the best heads' entropies explain, with heads and coefficients chosen on other
/// images than those scored.</summary>
/// <param name="R2">1 − Σ(y − ŷ)² / Σ(y − ȳ_fit)² on the scored rows; ȳ_fit is the fitting rows' mean. It can be below 0: worse than that constant.</param>
/// <param name="Heads">The chosen heads (columns), best first.</param>
/// <param name="Correlations">Their R_pb on the fitting rows.</param>
/// <param name="N">Rows scored.</param>
/// <param name="Groups">Groups scored.</param>
public sealed record HeadRegression(double R2, int[] Heads, double[] Correlations, int N, int Groups)
{
    /// <summary>ŷ of the scored rows, in their order: what a bootstrap of images resamples.</summary>
    public required double[] Predicted { get; init; }

    /// <summary>ȳ_fit.</summary>
    public required double FittingMean { get; init; }

    /// <summary>Chooses the K heads with the largest |R_pb| on the fitting rows, regresses correctness on them there by least squares, and scores the other
    /// rows.</summary>
    /// <param name="measure">Per row, one value per head (all layers' heads side by side), for example entropies.</param>
    /// <param name="correct">Labels.</param>
    /// <param name="groups">Images; none may be in both parts.</param>
    /// <param name="fitting">Rows to choose and fit on.</param>
    /// <param name="scored">Rows to score on.</param>
    /// <param name="heads">K.</param>
    /// <exception cref="GroupLeakException">An image in both parts.</exception>
    /// <exception cref="OneClassException">One class in either part. NaN: <see cref="NotFiniteException"/>; fewer fitting rows than K + 2: <see
    /// cref="TooFewException"/>.</exception>
    public static HeadRegression Compute(IReadOnlyList<double[]> measure, bool[] correct, Groups groups, int[] fitting, int[] scored, int heads = 5)
    {
        const string name = "top-head regression";
        Check.NotEmpty(name, measure.Count);
        Check.SameLength(name, "correct", measure.Count, correct.Length);
        Check.SameLength(name, "groups", measure.Count, groups.Length);
        Check.AtLeast(name, "heads", 1, heads);
        Check.AtLeast(name, "heads measured", heads, measure[0].Length);
        Check.AtLeast(name, "fitting rows", heads + 2, fitting.Length);
        var fittingGroups = fitting.Select(row => groups.Of[row]).ToHashSet();
        foreach (var row in scored)
            if (fittingGroups.Contains(groups.Of[row])) throw new GroupLeakException(name, groups.Of[row]);
        var fitLabels = fitting.Select(row => correct[row]).ToArray();
        Check.BothClasses(name, fitLabels);
        Check.BothClasses(name, [.. scored.Select(row => correct[row])]);
        foreach (var row in measure)
        {
            Check.SameLength(name, "heads of a row", measure[0].Length, row.Length);
            Check.Finite(name, "measure", row);
        }

        // A head that does not vary on the fitting rows cannot be among the best; it is passed over, not given a correlation of 0.
        var ranked = Enumerable.Range(0, measure[0].Length)
            .Select(head => (Head: head, Values: fitting.Select(row => measure[row][head]).ToArray()))
            .Where(column => column.Values.Max() > column.Values.Min())
            .Select(column => (column.Head, R: Correlation.PointBiserialValue(fitLabels, column.Values)))
            .OrderByDescending(column => Math.Abs(column.R)).ThenBy(column => column.Head).Take(heads).ToArray();
        Check.AtLeast(name, "heads that vary", heads, ranked.Length);

        // Centred and scaled by the fitting rows; the pseudo-inverse, so that two equal heads are no failure.
        var scale = ranked.Select(column => Scale([.. fitting.Select(row => measure[row][column.Head])])).ToArray();
        double[] Row(int row) => [.. ranked.Select((column, k) => (measure[row][column.Head] - scale[k].Mean) / scale[k].Deviation)];
        var design = Matrix<double>.Build.DenseOfRows(fitting.Select(Row));
        var mean = fitLabels.Count(label => label) / (double)fitLabels.Length;
        var target = Vector<double>.Build.DenseOfEnumerable(fitLabels.Select(label => (label ? 1 : 0) - mean));
        var coefficients = design.TransposeThisAndMultiply(design).PseudoInverse() * design.TransposeThisAndMultiply(target);
        double[] predicted = [.. scored.Select(row => mean + Row(row).Zip(coefficients, (x, c) => x * c).Sum())];
        double residual = 0, total = 0;
        for (var i = 0; i < scored.Length; i++)
        {
            double y = correct[scored[i]] ? 1 : 0;
            residual += (y - predicted[i]) * (y - predicted[i]);
            total += (y - mean) * (y - mean);
        }

        return new HeadRegression(1 - residual / total, [.. ranked.Select(column => column.Head)], [.. ranked.Select(column => column.R)],
            scored.Length, scored.Select(row => groups.Of[row]).Distinct().Count()) { Predicted = predicted, FittingMean = mean };
    }

    static (double Mean, double Deviation) Scale(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }
}
