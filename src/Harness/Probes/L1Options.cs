namespace Vrp.Harness.Probes;

/// <summary>How an L1 probe chooses.</summary>
/// <param name="Multiples">C as multiples of the smallest C at which any unit gets a weight, ascending.</param>
/// <param name="InnerFolds">Grouped, label-stratified folds of the fitting rows.</param>
/// <param name="Seed">Of the inner folds.</param>
/// <param name="Tolerance">Of the optimality conditions, in units of the penalty's slope, which is 1: 1e-2 settles which units are in but for those at the very edge.</param>
/// <param name="Models">Quadratic models per fit at most. Strongly correlated units converge slowly; a fit that stops here is a classifier like any other, and its path point says how far it came.</param>
public sealed record L1Options(double[] Multiples, int InnerFolds = 5, ulong Seed = 0, double Tolerance = 1e-2, int Models = 40)
{
    /// <summary>From a handful of units to a few hundred; beyond, a thousand rows are separated and the path only costs time.</summary>
    public static L1Options Default { get; } = new([1.2, 1.5, 2, 3, 4, 6, 9, 14, 20]);
}
