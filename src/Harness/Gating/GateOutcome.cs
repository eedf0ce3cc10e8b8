namespace Vrp.Harness.Gating;

/// <summary>What the gate says of a candidate; the number is the process's exit code.</summary>
public enum GateOutcome
{
    /// <summary>Every required metric is shown to be no worse than its margin allows, none regressed, and no verdict turned to its opposite.</summary>
    Pass = 0,

    /// <summary>A metric is established to be worse than the baseline's, and by more than its margin.</summary>
    Regression = 1,

    /// <summary>A claim's verdict turned from the one that is expected to its opposite.</summary>
    ClaimBroken = 2,

    /// <summary>Missing, crashed, or too few samples to decide.</summary>
    CouldNotJudge = 3,
}
