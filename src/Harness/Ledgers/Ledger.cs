using System.Text;
using System.Text.Json;
using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;
using Vrp.Harness.Running;
using Vrp.Harness.Snapshots;
using Vrp.Harness.Storage;
using Vrp.Harness.Studies;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Storage;

namespace Vrp.Harness.Ledgers;

/// <summary>The expected verdict of every claim for every subject, with a reason (specs/ledger.json). A run that finds another fails; <c>vrp accept</c>
/// records.</summary>
/// <param name="Entries">Sorted by claim (in the study's order) and subject.</param>
public sealed record Ledger(IReadOnlyList<LedgerEntry> Entries)
{
    /// <summary>The subject of a claim that is judged over all subjects.</summary>
    public const string AllSubjects = "all";

    sealed record Document(int Schema, IReadOnlyList<LedgerEntry> Entries);

    /// <summary>Reads a ledger; a file that is not there is an empty one, so that everything is New.</summary>
    /// <exception cref="VrpException">It is no ledger, names an unknown claim, or has two entries for one claim and subject.</exception>
    public static Ledger Load(string path)
    {
        if (!File.Exists(path)) return new Ledger([]);
        try
        {
            var document = JsonSerializer.Deserialize<Document>(JsonText.Text(FileDoor.ReadAllBytes(path), path).Span, Json.Document)
                ?? throw new JsonException("holds no object");
            if (document.Schema != 1) throw new VrpException($"{path}: schema {document.Schema}; this program reads 1.");
            var twice = document.Entries.GroupBy(entry => (entry.Claim, entry.Subject)).FirstOrDefault(same => same.Count() > 1);
            if (twice is not null) throw new VrpException($"{path}: {twice.Count()} entries for {twice.Key.Claim} and {twice.Key.Subject}; expected one.");
            foreach (var entry in document.Entries)
            {
                if (ClaimRegistry.All.FirstOrDefault(claim => claim.Id == entry.Claim) is not { } claim)
                {
                    var near = NearNames.Closest(entry.Claim, ClaimRegistry.All.Select(claim => claim.Id));
                    throw new VrpException($"{path}: no claim \"{entry.Claim}\"; "
                        + (near is null ? "docs/claims.md lists them." : $"did you mean \"{near}\"?"));
                }

                // Such an entry would never be looked at.
                if (claim.IsOverSubjects != (entry.Subject == AllSubjects))
                    throw new VrpException($"{path}: {entry.Claim} for {entry.Subject}: it is judged "
                        + (claim.IsOverSubjects ? $"over all subjects, expected \"{AllSubjects}\"." : "per subject, expected a subject's name."));
                if (string.IsNullOrWhiteSpace(entry.Reason)) throw new VrpException($"{path}: {entry.Claim} for {entry.Subject} has no reason. Say what was "
                    + "found and what it means.");
                if (entry.Source is not ("measured" or "published")) throw new VrpException($"{path}: {entry.Claim} for {entry.Subject}: source "
                    + $"\"{entry.Source}\"; expected measured or published.");
            }

            return new Ledger(Sort(document.Entries));
        }
        catch (JsonException error)
        {
            throw new VrpException(JsonProblems.Line(path, error, typeof(Document), typeof(LedgerEntry)), error);
        }
    }

    /// <summary>The entry, or null.</summary>
    public LedgerEntry? Find(string claim, string subject) => Entries.FirstOrDefault(entry => entry.Claim == claim && entry.Subject == subject);

    /// <summary>Holds a subject's verdicts against the entries; claims over all subjects are left out.</summary>
    public IReadOnlyList<LedgerCheck> Check(StudyResult study) => [.. study.Verdicts.Where(verdict => !ClaimRegistry.Get(verdict.Claim).IsOverSubjects)
        .Select(verdict => new LedgerCheck(verdict.Claim, study.Subject, Find(verdict.Claim, study.Subject), verdict.Verdict, verdict.Reason,
            verdict.WouldSettle))];

    /// <summary>Holds a claim over all subjects against its entry.</summary>
    public LedgerCheck Check(ClaimResult overAll) =>
        new(overAll.Claim, AllSubjects, Find(overAll.Claim, AllSubjects), overAll.Verdict, overAll.Reason, overAll.WouldSettle);

    /// <summary>With found verdicts in the place of what was expected; the reason is the run's own, for a person to put into words.</summary>
    public Ledger Accept(IEnumerable<LedgerCheck> found) =>
        With([.. found.Select(check => new LedgerEntry(check.Claim, check.Subject, check.Found, check.Reason))]);

    /// <summary>With entries in the place of those for the same claim and subject.</summary>
    public Ledger With(IReadOnlyList<LedgerEntry> entries)
    {
        var replaced = entries.Select(entry => (entry.Claim, entry.Subject)).ToHashSet();
        return new Ledger(Sort(Entries.Where(entry => !replaced.Contains((entry.Claim, entry.Subject))).Concat(entries)));
    }

    /// <summary>One entry a line, so that a change reads as a line of a pull request.</summary>
    public void Save(string path) => AtomicFile.WriteText(path, Json.RowsByLine(new Document(1, []), Sort(Entries)));

    static LedgerEntry[] Sort(IEnumerable<LedgerEntry> entries)
    {
        var order = ClaimRegistry.All.Select((claim, i) => (claim.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);
        return [.. entries.OrderBy(entry => order.GetValueOrDefault(entry.Claim, int.MaxValue)).ThenBy(entry => entry.Subject, StringComparer.Ordinal)];
    }
}

/// <summary>What one claim is expected to be found for one subject.</summary>
/// <param name="Claim">Id of the claim.</param>
/// <param name="Subject">Name of the subject; for <c>architecture-split</c> the word "all".</param>
/// <param name="Expected">The verdict that a run must give.</param>
/// <param name="Reason">Why, for a reader of the ledger: what was found and what it means.</param>
/// <param name="Source">"measured" where a run here gave it, "published" where it is taken from the study and not yet reproduced.</param>
public sealed record LedgerEntry(string Claim, string Subject, Verdict Expected, string Reason, string Source = "measured");

/// <summary>A verdict held against the ledger.</summary>
/// <param name="Claim">Id of the claim.</param>
/// <param name="Subject">The subject, or "all".</param>
/// <param name="Entry">What was expected; null where the ledger is silent.</param>
/// <param name="Found">What was found.</param>
/// <param name="Reason">Why it was found.</param>
/// <param name="WouldSettle">What would decide an Inconclusive or NotRun one.</param>
public sealed record LedgerCheck(string Claim, string Subject, LedgerEntry? Entry, Verdict Found, string Reason, string? WouldSettle)
{
    /// <summary>How the two compare.</summary>
    public LedgerOutcome Outcome => Entry is null ? LedgerOutcome.New : Entry.Expected == Found ? LedgerOutcome.AsExpected : LedgerOutcome.Differs;
}

/// <summary>How a verdict compares with the ledger.</summary>
public enum LedgerOutcome
{
    /// <summary>It is the expected one.</summary>
    AsExpected,

    /// <summary>It is another.</summary>
    Differs,

    /// <summary>The ledger has no entry: fails until <c>vrp accept</c> records it.</summary>
    New,
}

/// <summary>What a run found where it differs from what was expected, as ledger.received.json: <c>vrp accept --ledger</c> puts it in the ledger's place after
/// somebody has looked.</summary>
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
