using Vrp.Harness.Claims;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Gating;

/// <summary>A candidate held against a baseline.</summary>
/// <param name="Baseline">The baseline's name.</param>
/// <param name="Candidate">The candidate's name.</param>
/// <param name="Data">The question set.</param>
/// <param name="Questions">Questions that both answered and that could be judged.</param>
/// <param name="Images">Images among them.</param>
/// <param name="Metrics">In a fixed order.</param>
/// <param name="Flips">Lost ones first, the most confident first.</param>
/// <param name="VerdictChanges">In the catalogue's order.</param>
/// <param name="Outcome">What the gate says.</param>
/// <param name="Reasons">Why, the deciding ones first; for a pass what was shown.</param>
public sealed record GateResult(string Baseline, string Candidate, string Data, int Questions, int Images, IReadOnlyList<MetricResult> Metrics,
    IReadOnlyList<Flip> Flips, IReadOnlyList<VerdictChange> VerdictChanges, GateOutcome Outcome, IReadOnlyList<string> Reasons);

/// <summary>What the gate says of a candidate; the number is the process's exit code.</summary>
public enum GateOutcome
{
    /// <summary>Every required metric is shown to be no worse than its margin allows, none regressed, and no verdict turned to its opposite.</summary>
    Pass = 0,

    /// <summary>A metric is established to be worse than the baseline's, and by more than its margin.</summary>
    Regression = 1,

    /// <summary>A claim's verdict turned from the one that is expected to its opposite.</summary>
    ClaimBroken = 2,

    /// <summary>Missing, crashed, or too few questions to decide.</summary>
    CouldNotJudge = 3,
}

/// <summary>One metric of a candidate against its baseline, on the same questions.</summary>
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
public sealed record MetricResult(string Name, string What, Estimate? Baseline, Estimate? Candidate, Estimate? Difference, double Margin, double? P,
    double? AdjustedP,
    MetricOutcome Outcome, string Reason)
{
    /// <summary>What it may decide.</summary>
    public GateRole Role { get; init; } = GateRole.Required;
}

/// <summary>What a paired comparison says of one metric.</summary>
public enum MetricOutcome
{
    /// <summary>The whole interval of candidate minus baseline lies on the good side of the margin.</summary>
    NonInferior,

    /// <summary>The candidate is worse: the adjusted paired test establishes a loss, and the loss seen is past the margin.</summary>
    Regressed,

    /// <summary>The interval crosses the margin at this n.</summary>
    Undecided,

    /// <summary>One of the two runs lacks the measure; never a number.</summary>
    NotMeasured,
}

/// <summary>A claim whose verdict is another for the candidate than for the baseline.</summary>
/// <param name="Claim">Its id.</param>
/// <param name="Before">The baseline's.</param>
/// <param name="After">The candidate's.</param>
/// <param name="Reason">Why the candidate got it.</param>
/// <param name="Expected">The ledger expects the candidate's verdict: the change is known, and breaks nothing.</param>
public sealed record VerdictChange(string Claim, Verdict Before, Verdict After, string Reason, bool Expected = false)
{
    /// <summary>Supported became Refuted or the other way round; anything else only lost or won certainty.</summary>
    public bool IsOpposite => (Before, After) is (Verdict.Supported, Verdict.Refuted) or (Verdict.Refuted, Verdict.Supported);

    /// <summary>Opposite, and not what the ledger expects.</summary>
    public bool Breaks => IsOpposite && !Expected;
}

/// <summary>A question that one model answers right and the other wrong.</summary>
/// <param name="Baseline">The baseline's answer to it.</param>
/// <param name="Candidate">The candidate's.</param>
public sealed record Flip(QuestionResult Baseline, QuestionResult Candidate)
{
    /// <summary>Was right, is wrong.</summary>
    public bool Lost => Baseline.IsCorrect;
}
