using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>A probe, its one held-out scoring and how it was chosen.</summary>
/// <param name="Probe">The fitted probe.</param>
/// <param name="HeldOut">Scores of the scored half: intervals come from here.</param>
/// <param name="InnerAurocs">[layer][candidate]: mean AUROC of the inner folds of the fitting rows. For curves by layer; the largest is optimistic by having been chosen.</param>
/// <param name="Candidates">The hyperparameter of each candidate (L2: C × units; L1: C as a multiple of the smallest that lets a unit in; trees: number of trees).</param>
/// <param name="CrossFitted">By the data's rows: out-of-fold scores of the fitting rows, held-out scores of the others; none is in-sample, but the fitting rows chose the candidate, so they
/// serve to fit a fusion and not to be reported. Empty for permuted labels.</param>
public sealed record ProbeResult(FittedProbe Probe, HeldOutScores HeldOut, double[][] InnerAurocs, double[] Candidates, double[] CrossFitted)
{
    /// <summary>Largest inner AUROC of each layer.</summary>
    public double[] InnerByLayer => [.. InnerAurocs.Select(candidates => candidates.Max())];

    /// <summary>The linear probe, for probes that are one.</summary>
    public LinearProbe Linear => Probe as LinearProbe ?? throw new InvalidOperationException($"'{Probe.Kind}' is not a linear probe.");
}
