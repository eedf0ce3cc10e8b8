namespace Vrp.Harness.Gating;

/// <summary>What the gate says of a candidate; the number is the process's exit code.</summary>
public enum GateOutcome
{
    /// <summary>No metric is worse than its margin allows and every verdict is the one that the ledger expects.</summary>
    Pass = 0,

    /// <summary>A metric is worse than the baseline's by more than its margin, or a paired test says that it fell.</summary>
    Regression = 1,

    /// <summary>A claim's verdict turned from the one that is expected to its opposite.</summary>
    ClaimBroken = 2,

    /// <summary>Missing, crashed, or too few samples to decide.</summary>
    CouldNotJudge = 3,
}
