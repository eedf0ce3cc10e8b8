using Vrp.Harness.Claims;
using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;

namespace Vrp.Harness.Reporting;

/// <summary>Everything in a report that is unlike expected, the weightiest first; within a weight in the order of metrics and claims.</summary>
static class Differences
{
    public static IReadOnlyList<Difference> Of(Report report) =>
        [.. (report.Gate is { } gate ? Of(gate) : []).Concat(report.Checks.Where(check => check.Outcome != LedgerOutcome.AsExpected).Select(Of))
            .Concat(report.NotRun.Select(each => new Difference(Severity.DidNotRun, "", each.Subject, "did not run", each.Why)))
            .OrderBy(each => each.Severity)];

    static Difference Of(LedgerCheck check) => check.Entry is null
        ? new Difference(Severity.New, check.Claim, check.Subject, $"found {Word(check.Found)}, not in the ledger yet", check.Reason, check.WouldSettle, true)
        : new Difference(check.Found is Verdict.Supported or Verdict.Refuted ? Severity.Broken : Severity.Undecided, check.Claim, check.Subject,
            $"expected {Word(check.Entry.Expected)}, found {Word(check.Found)}", check.Reason, check.WouldSettle, true);

    static IEnumerable<Difference> Of(GateResult gate)
    {
        if (gate.Outcome == GateOutcome.Pass) yield break;
        foreach (var metric in gate.Metrics.Where(metric => metric.Role != GateRole.Reported))
            if (metric.Outcome == MetricOutcome.Regressed) yield return new Difference(Severity.Regressed, metric.Name, "", "regressed", metric.Reason);
            else if (metric.Role == GateRole.Required && metric.Outcome is MetricOutcome.Undecided or MetricOutcome.NotMeasured)
                yield return new Difference(Severity.NotShown, metric.Name, "",
                    metric.Outcome == MetricOutcome.Undecided ? "undecided at this n" : "not measured", metric.Reason);
        foreach (var change in gate.VerdictChanges.Where(change => change.Breaks || change is { After: Verdict.NotRun, Expected: false }))
            yield return new Difference(change.Breaks ? Severity.Broken : Severity.Undecided, change.Claim, gate.Candidate,
                $"was {Word(change.Before)}, is {Word(change.After)}",
                change.Reason, null, true);
        foreach (var reason in gate.Reasons.Where(reason => gate.Metrics.All(metric => metric.Reason != reason)
            && !reason.StartsWith("claim ", StringComparison.Ordinal)))
            yield return new Difference(Severity.Other, "", "", reason, "");
    }

    /// <summary>A verdict as it is said in a sentence.</summary>
    public static string Word(Verdict verdict) => verdict == Verdict.NotRun ? "Not run" : verdict.ToString();
}
