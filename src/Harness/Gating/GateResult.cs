namespace Vrp.Harness.Gating;

/// <summary>A candidate held against a baseline.</summary>
/// <param name="Baseline">The baseline's name.</param>
/// <param name="Candidate">The candidate's name.</param>
/// <param name="Data">The question set.</param>
/// <param name="Questions">Questions that both answered and that could be judged.</param>
/// <param name="Images">Pictures among them.</param>
/// <param name="Metrics">In a fixed order.</param>
/// <param name="Flips">Lost ones first, the most confident first.</param>
/// <param name="VerdictChanges">In the catalogue's order.</param>
/// <param name="Outcome">What the gate says.</param>
/// <param name="Reasons">Why, the deciding ones first; for a pass what was shown.</param>
public sealed record GateResult(string Baseline, string Candidate, string Data, int Questions, int Images, IReadOnlyList<GatedMetric> Metrics,
    IReadOnlyList<Flip> Flips, IReadOnlyList<VerdictChange> VerdictChanges, GateOutcome Outcome, IReadOnlyList<string> Reasons);
