using Vrp.Harness.Claims;

namespace Vrp.Harness.Gating;

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
