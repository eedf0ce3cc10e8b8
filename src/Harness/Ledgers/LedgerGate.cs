using Vrp.Harness.Claims;
using Vrp.Harness.Gating;
using Vrp.Harness.Studies;

namespace Vrp.Harness.Ledgers;

/// <summary>What a run's verdicts against the ledger say as a whole. A decided verdict (Supported, Refuted) where another was expected breaks a claim; a
/// verdict that became undecided (Inconclusive, NotRun), a new one, and a required subject that did not run could not be judged.</summary>
public static class LedgerGate
{
    /// <param name="subjects">All of the configuration.</param>
    /// <param name="checks">Their verdicts.</param>
    /// <param name="preview">Whether the run has fewer questions or a smaller budget than the ledger's: then nothing can break a claim.</param>
    /// <returns>The outcome and why, the deciding reasons first.</returns>
    public static (GateOutcome Outcome, IReadOnlyList<string> Reasons) Decide(IReadOnlyList<JudgedSubject> subjects, IReadOnlyList<LedgerCheck> checks,
        bool preview = false)
    {
        string Line(LedgerCheck check) =>
            $"{check.Claim} [{check.Subject}]: expected {check.Entry!.Expected}, found {check.Found}: "
                + $"{check.Reason}{(check.WouldSettle is null ? "" : $" → {check.WouldSettle}")}";
        string[] broken = [.. checks.Where(IsBroken).Select(Line)];
        var open = new List<string>();
        open.AddRange(subjects.Where(subject => subject is { Failure: not null, Subject.Required: true }).Select(subject => $"{subject.Subject.Name} is "
            + $"required and did not run: {subject.Failure}"));
        if (checks.Count == 0) open.Add("no claim was judged.");
        open.AddRange(checks.Where(check => check.Outcome == LedgerOutcome.Differs && !IsBroken(check)).Select(Line));
        open.AddRange(checks.Where(check => check.Outcome == LedgerOutcome.New).Select(check =>
            $"{check.Claim} [{check.Subject}]: not in the ledger, found {check.Found}: {check.Reason.TrimEnd('.')}. `vrp accept --ledger` records it."));
        var outcome = broken.Length > 0 && !preview ? GateOutcome.ClaimBroken : broken.Length + open.Count > 0 ? GateOutcome.CouldNotJudge : GateOutcome.Pass;
        return (outcome, [.. broken, .. open]);
    }

    static bool IsBroken(LedgerCheck check) => check is { Outcome: LedgerOutcome.Differs, Found: Verdict.Supported or Verdict.Refuted };
}

/// <summary>A run's verdicts against the ledger as plain text.</summary>
public static class LedgerTables
{
    /// <summary>A row per claim, a column per subject; what is not as expected says so. Below it the outcome and its reasons.</summary>
    public static string Render(IReadOnlyList<LedgerCheck> checks, GateOutcome outcome, IReadOnlyList<string> reasons, bool preview = false)
    {
        string[] subjects = [.. checks.Select(check => check.Subject).Where(subject => subject != Ledger.AllSubjects).Distinct()];
        string Cell(string claim, string subject) => checks.FirstOrDefault(check => check.Claim == claim && check.Subject == subject) is not { } check ? ""
            : check.Outcome switch
            {
                LedgerOutcome.AsExpected => check.Found.ToString(),
                LedgerOutcome.New => $"{check.Found} (new)",
                _ => $"{check.Found} (expected {check.Entry!.Expected})",
            };
        bool IsOverAll(Claim claim) => checks.Any(check => check.Claim == claim.Id && check.Subject == Ledger.AllSubjects);
        var judged = ClaimRegistry.All.Where(claim => checks.Any(check => check.Claim == claim.Id)).ToLookup(IsOverAll);
        var rows = judged[false].Select(claim => (string[])[claim.Id, .. subjects.Select(subject => Cell(claim.Id, subject))]);
        var overAll = string.Concat(judged[true].Select(claim => $"{claim.Id}, over all subjects: {Cell(claim.Id, Ledger.AllSubjects)}\n"));
        var table = checks.Count == 0 ? "" : $"{StudyTables.Table(Title(checks), ["claim", .. subjects], rows)}{overAll}\n";
        return $"{table}{(preview && checks.Count > 0 ? Preview(outcome) : Headline(outcome))}\n{string.Concat(reasons.Select(reason => $"  {reason}\n"))}";
    }

    /// <summary>All as expected, or which are not: the first of them by name.</summary>
    static string Title(IReadOnlyList<LedgerCheck> checks)
    {
        const int Named = 3;
        string[] changed = [.. checks.Where(check => check.Outcome != LedgerOutcome.AsExpected).Select(check => $"{check.Claim} on "
            + $"{(check.Subject == Ledger.AllSubjects ? "all subjects" : check.Subject)}")];
        return changed.Length == 0 ? $"{checks.Count} of {checks.Count} verdicts are as the ledger expects"
            : $"{changed.Length} of {checks.Count} verdicts changed or new: "
                + $"{string.Join(", ", changed.Take(Named))}{(changed.Length > Named ? $" and {changed.Length - Named} more" : "")}";
    }

    static string Preview(GateOutcome outcome) => outcome == GateOutcome.Pass
        ? "PREVIEW: so far every verdict is the one that the ledger expects. Without --limit and --budget it is the gate."
        : "PREVIEW: on this part some verdicts are unlike the ledger's, which decides nothing. Without --limit and --budget it is the gate.";

    static string Headline(GateOutcome outcome) => outcome switch
    {
        GateOutcome.Pass => "PASS: every verdict is the one that the ledger expects.",
        GateOutcome.ClaimBroken => "CLAIM BROKEN: a decided verdict changed.",
        GateOutcome.Regression => "REGRESSION.",
        _ => "COULD NOT JUDGE: a verdict is missing, new, or became inconclusive.",
    };
}
