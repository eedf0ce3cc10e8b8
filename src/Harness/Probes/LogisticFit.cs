namespace Vrp.Harness.Probes;

/// <summary>Coefficients of a logistic regression, on the inputs as they were given (standardise first: a penalty means nothing without a scale).</summary>
/// <param name="Weights">w.</param>
/// <param name="Intercept">b, not penalised.</param>
/// <param name="Objective">C·Σ log(1 + exp(−y f)) + ½|w|² (L2) or |w|₁ (L1) at the optimum.</param>
public sealed record LogisticFit(double[] Weights, double Intercept, double Objective);
