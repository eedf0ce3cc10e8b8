using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>How an L2 probe chooses its layer and penalty.</summary>
/// <param name="Penalties">scikit-learn's C × units: the penalty is stated per unit, so that one grid serves 64 units and 4,096 (K's diagonal is the number of units).</param>
/// <param name="InnerFolds">Grouped, label-stratified folds of the fitting rows.</param>
/// <param name="Seed">Of the inner folds.</param>
/// <param name="SelectionTolerance">Relative gradient at which an inner fit stops; 1e-3 leaves the AUROC of a fold unchanged to its third digit.</param>
public sealed record L2Options(double[] Penalties, int InnerFolds = 5, ulong Seed = 0, double SelectionTolerance = 1e-3)
{
    /// <summary>Four decades: from almost the class means' direction to almost separation.</summary>
    public static L2Options Default { get; } = new([0.1, 1, 10, 100]);

    internal void Validate()
    {
        Check.AtLeast("L2 probe", "penalties", 1, Penalties.Length);
        Check.AtLeast("L2 probe", "inner folds", 2, InnerFolds);
        foreach (var penalty in Penalties) Check.Domain("L2 probe", "penalty", "above 0", penalty, penalty > 0 && double.IsFinite(penalty));
    }
}
