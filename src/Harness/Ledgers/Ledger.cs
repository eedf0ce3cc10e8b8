using System.Text;
using System.Text.Json;
using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;
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
                var claim = ClaimRegistry.All.FirstOrDefault(claim => claim.Id == entry.Claim) ?? throw new VrpException($"{path}: no claim \"{entry.Claim}\"; "
                    + (NearNames.Closest(entry.Claim, ClaimRegistry.All.Select(claim => claim.Id)) is { } near ? $"did you mean \"{near}\"?" : "docs/claims.md lists them."));
                // Such an entry would never be looked at.
                if (claim.IsOverSubjects != (entry.Subject == AllSubjects))
                    throw new VrpException($"{path}: {entry.Claim} for {entry.Subject}: {(claim.IsOverSubjects ? $"it is judged over all subjects, expected \"{AllSubjects}\"" : "it is judged per subject, expected a subject's name")}.");
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
