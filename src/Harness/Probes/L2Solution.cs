namespace Vrp.Harness.Probes;

/// <summary>Its optimum.</summary>
/// <param name="Alpha">Dual coefficients: w = Zᵀ·Alpha; 0 on rows that are not fitted.</param>
/// <param name="Intercept">b.</param>
/// <param name="Decision">f = Z w + b of every row.</param>
/// <param name="Objective">The value minimised.</param>
sealed record L2Solution(double[] Alpha, double Intercept, double[] Decision, double Objective);
