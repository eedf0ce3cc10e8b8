namespace Vrp.Harness.Ledgers;

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
