namespace Vrp.Harness.Claims.Selftest;

/// <summary>A made-up truth and the verdict that it must lead to.</summary>
/// <param name="Claim">Id.</param>
/// <param name="Expected">The verdict.</param>
/// <param name="Truth">What was planted, in words.</param>
/// <param name="Judge">Makes the data and judges the claim.</param>
public sealed record ClaimScenario(string Claim, Verdict Expected, string Truth, Func<ClaimResult> Judge)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Claim}, {Expected}: {Truth}";
}
