using Vrp.Harness.Claims;

namespace Vrp.Harness.Ledgers;

/// <summary>What one claim is expected to be found for one subject.</summary>
/// <param name="Claim">Id of the claim.</param>
/// <param name="Subject">Name of the subject; for <c>architecture-split</c> the word "all".</param>
/// <param name="Expected">The verdict that a run must give.</param>
/// <param name="Reason">Why, for a reader of the ledger: what was found and what it means.</param>
/// <param name="Source">"measured" where a run here gave it, "published" where it is taken from the study and not yet reproduced.</param>
public sealed record LedgerEntry(string Claim, string Subject, Verdict Expected, string Reason, string Source = "measured");
