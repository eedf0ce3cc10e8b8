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
    /// <param name="preview">Whether less was asked than the ledger was made on: then nothing can break a claim.</param>
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
