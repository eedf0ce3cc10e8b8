using Vrp.Harness.Snapshots;
using Vrp.Harness.Studies;

namespace Vrp.Harness.Ledgers;

/// <summary>What a run found beside what was expected, as ledger.received.json: <c>vrp accept --ledger</c> puts it in the ledger's place after somebody has
/// looked.</summary>
public static class ReceivedLedger
{
    /// <summary>The received file of a ledger.</summary>
    public static string PathOf(string ledger) => Path.ChangeExtension(ledger, null) + ".received.json";

    /// <summary>Writes it where something differs or is new, removes an older one where nothing does. In CI nothing is written: there is nobody to accept
    /// it.</summary>
    public static void Write(JudgingSession session, IReadOnlyList<LedgerCheck> checks, bool? continuousIntegration = null)
    {
        if (continuousIntegration ?? SnapshotOptions.InContinuousIntegration(Environment.GetEnvironmentVariable("CI"))) return;
        var received = PathOf(session.Config.At(session.Config.Ledger));
        LedgerCheck[] open = [.. checks.Where(check => check.Outcome != LedgerOutcome.AsExpected)];
        if (open.Length > 0)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(received)!);
            session.Ledger.Accept(open).Save(received);
        }
        else if (File.Exists(received)) File.Delete(received);
    }
}
