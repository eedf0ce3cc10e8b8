using Vrp.Harness.Statistics;

namespace Vrp.Harness.Gating;

/// <summary>One metric of a candidate against its baseline, on the same samples.</summary>
/// <param name="Name">Name in vrp.json's margins, in snake case: accuracy, probe_auroc, …</param>
/// <param name="What">In words, with its unit and direction.</param>
/// <param name="Baseline">The baseline's own estimate, or null where it was not measured.</param>
/// <param name="Candidate">The candidate's.</param>
/// <param name="Difference">Candidate minus baseline, paired, with its image-clustered interval; positive is better whatever the metric's own
/// direction.</param>
/// <param name="Margin">Largest loss that counts as none, in the metric's unit, ≥ 0.</param>
/// <param name="P">Of the paired test against no loss, one-sided; null where there is none.</param>
/// <param name="AdjustedP">After Holm over all tested metrics of the gate.</param>
/// <param name="Outcome">What follows.</param>
/// <param name="Reason">Value, interval, n and margin in words; for Undecided the n that would decide.</param>
public sealed record GatedMetric(string Name, string What, Estimate? Baseline, Estimate? Candidate, Estimate? Difference, double Margin, double? P,
    double? AdjustedP,
    MetricOutcome Outcome, string Reason)
{
    /// <summary>What it may decide.</summary>
    public GateRole Role { get; init; } = GateRole.Required;
}
