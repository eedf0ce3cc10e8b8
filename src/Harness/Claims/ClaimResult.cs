namespace Vrp.Harness.Claims;

/// <summary>A claim, judged.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Verdict">By the judged form.</param>
/// <param name="Reason">The intervals that decided, or what is missing.</param>
/// <param name="WouldSettle">For Inconclusive and NotRun: what would decide.</param>
/// <param name="Published">The published form's outcome, recorded beside.</param>
/// <param name="Deciding">The rows of metrics.json that the verdict stands on.</param>
/// <param name="Notes">What a reader has to know: variants left out and why, cells under the minimum.</param>
public sealed record ClaimResult(Claim Claim, Verdict Verdict, string Reason, string? WouldSettle, PublishedOutcome Published,
    IReadOnlyList<StudyEstimate> Deciding, IReadOnlyList<string> Notes);
