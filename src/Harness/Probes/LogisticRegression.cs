using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>L2-penalised logistic regression on a plain matrix (scikit-learn: LogisticRegression). It gives coefficients and no scores: what is reported is
/// scored through <see cref="FittedProbe"/>.</summary>
public static class LogisticRegression
{
    /// <summary>L2: truncated Newton, gradient to 1e-10 of its start.</summary>
    /// <exception cref="OneClassException">One class. NaN: <see cref="NotFiniteException"/>; C ≤ 0: <see cref="OutOfDomainException"/>.</exception>
    public static LogisticFit L2(IReadOnlyList<double[]> rows, bool[] labels, double c)
    {
        var flat = Flatten("L2 logistic regression", rows, labels, c);
        var units = rows[0].Length;
        var solution = L2Solver.Solve(GramOperator.Of(flat, rows.Count, units), [new L2Problem(labels, [.. labels.Select(_ => true)], c)], 1e-10)[0];
        var weights = new double[units];
        for (var row = 0; row < rows.Count; row++)
            for (var u = 0; u < units; u++) weights[u] += solution.Alpha[row] * flat[row * units + u];
        return new LogisticFit(weights, solution.Intercept, solution.Objective);
    }

    static double[] Flatten(string operation, IReadOnlyList<double[]> rows, bool[] labels, double c)
    {
        Check.NotEmpty(operation, rows.Count);
        Check.SameLength(operation, "labels", rows.Count, labels.Length);
        Check.BothClasses(operation, labels);
        Check.Domain(operation, "C", "above 0", c, c > 0 && double.IsFinite(c));
        foreach (var row in rows)
        {
            Check.SameLength(operation, "units of a row", rows[0].Length, row.Length);
            Check.Finite(operation, "row", row);
        }

        return [.. rows.SelectMany(row => row)];
    }
}

/// <summary>Coefficients of a logistic regression, on the inputs as they were given (standardise first: a penalty means nothing without a scale).</summary>
/// <param name="Weights">w.</param>
/// <param name="Intercept">b, not penalised.</param>
/// <param name="Objective">C·Σ log(1 + exp(−y f)) + ½|w|² (L2) or |w|₁ (L1) at the optimum.</param>
public sealed record LogisticFit(double[] Weights, double Intercept, double Objective);
