using Vrp.Harness.Claims;

namespace Vrp.Harness.Ledgers;

/// <summary>A verdict held against the ledger.</summary>
/// <param name="Claim">Id of the claim.</param>
/// <param name="Subject">The subject, or "all".</param>
/// <param name="Entry">What was expected; null where the ledger is silent.</param>
/// <param name="Found">What was found.</param>
/// <param name="Reason">Why it was found.</param>
/// <param name="WouldSettle">What would decide an Inconclusive or NotRun one.</param>
public sealed record LedgerCheck(string Claim, string Subject, LedgerEntry? Entry, Verdict Found, string Reason, string? WouldSettle)
{
    /// <summary>How the two stand to each other.</summary>
    public LedgerOutcome Outcome => Entry is null ? LedgerOutcome.New : Entry.Expected == Found ? LedgerOutcome.AsExpected : LedgerOutcome.Differs;
}

/// <summary>How a verdict stands to the ledger.</summary>
public enum LedgerOutcome
{
    /// <summary>It is the expected one.</summary>
    AsExpected,

    /// <summary>It is another.</summary>
    Differs,

    /// <summary>The ledger has no entry: fails until <c>vrp accept</c> records it.</summary>
    New,
}
