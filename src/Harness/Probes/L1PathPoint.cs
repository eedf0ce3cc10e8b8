namespace Vrp.Harness.Probes;

/// <summary>One point of an L1 path.</summary>
/// <param name="C">Weight of the loss.</param>
/// <param name="NonZeroShare">Units with a weight, as a share of **all** units of the layer.</param>
/// <param name="InnerAuroc">Mean AUROC of the inner folds.</param>
/// <param name="Violation">Largest violation of the optimality conditions that is left, in units of the penalty's slope (1).</param>
public sealed record L1PathPoint(double C, double NonZeroShare, double InnerAuroc, double Violation);
