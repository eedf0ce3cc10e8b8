namespace Vrp.Harness.Gating;

/// <summary>What a metric may decide.</summary>
public enum GateRole
{
    /// <summary>Has to be shown non-inferior: a regression stops the candidate (exit 1), and undecided or missing it cannot be judged (exit 3).</summary>
    Required,

    /// <summary>A regression stops the candidate (exit 1); undecided it is reported. Missing for the candidate where the baseline has it: exit 3.</summary>
    Guarding,

    /// <summary>Shown, and decides nothing.</summary>
    Reported,
}
