using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Output;
using Vrp.Harness.Gating;

namespace Vrp.Harness.Ledgers;

/// <summary>A run's verdicts against the ledger as plain text.</summary>
public static class LedgerTables
{
    /// <summary>A row per claim, a column per subject; what is not as expected says so. Below it the outcome and its reasons.</summary>
    public static string Render(IReadOnlyList<LedgerCheck> checks, GateOutcome outcome, IReadOnlyList<string> reasons)
    {
        string[] subjects = [.. checks.Select(check => check.Subject).Where(subject => subject != Ledger.AllSubjects).Distinct()];
        string Cell(string claim, string subject) => checks.FirstOrDefault(check => check.Claim == claim && check.Subject == subject) is not { } check ? ""
            : check.Outcome switch
            {
                LedgerOutcome.AsExpected => check.Found.ToString(),
                LedgerOutcome.New => $"{check.Found} (new)",
                _ => $"{check.Found} (expected {check.Entry!.Expected})",
            };
        var rows = ClaimRegistry.All.Where(claim => checks.Any(check => check.Claim == claim.Id))
            .Select(claim => checks.Any(check => check.Claim == claim.Id && check.Subject == Ledger.AllSubjects)
                ? [claim.Id, .. subjects.Select(_ => ""), Cell(claim.Id, Ledger.AllSubjects)]
                : (string[])[claim.Id, .. subjects.Select(subject => Cell(claim.Id, subject)), ""]);
        var asExpected = checks.Count(check => check.Outcome == LedgerOutcome.AsExpected);
        var table = StudyTables.Table($"{asExpected} of {checks.Count} verdicts are as the ledger expects", ["claim", .. subjects, "all together"], rows);
        return $"{table}\n{Headline(outcome)}\n{string.Concat(reasons.Select(reason => $"  {reason}\n"))}";
    }

    static string Headline(GateOutcome outcome) => outcome switch
    {
        GateOutcome.Pass => "PASS: every verdict is the one that the ledger expects.",
        GateOutcome.ClaimBroken => "CLAIM BROKEN: a verdict turned to another.",
        GateOutcome.Regression => "REGRESSION.",
        _ => "COULD NOT JUDGE: a verdict is missing, new, or lost its certainty.",
    };
}
