using Vrp.Harness.Claims;

namespace Vrp.Harness.Gating;

/// <summary>A claim whose verdict is another for the candidate than for the baseline.</summary>
/// <param name="Claim">Its id.</param>
/// <param name="Before">The baseline's.</param>
/// <param name="After">The candidate's.</param>
/// <param name="Reason">Why the candidate got it.</param>
public sealed record VerdictChange(string Claim, Verdict Before, Verdict After, string Reason)
{
    /// <summary>Supported became Refuted or the other way round; anything else only lost or won certainty.</summary>
    public bool IsOpposite => (Before, After) is (Verdict.Supported, Verdict.Refuted) or (Verdict.Refuted, Verdict.Supported);
}
