using Vrp.Harness.Claims;
using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;

namespace Vrp.Harness.Reporting;

/// <summary>The first sentence of every report: the gate's outcome, else how the verdicts stand to the ledger, else only what they are.</summary>
/// <param name="Good">True and false colour it and give it its sign; null where nothing was expected.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Details">What it stands on, the deciding ones first.</param>
sealed record Headline(bool? Good, string Text, IReadOnlyList<string> Details)
{
    public static Headline Of(Report report)
    {
        if (report.Gate is { } gate) return new Headline(gate.Outcome == GateOutcome.Pass, $"Gate: {Outcome(gate.Outcome)}",
            [.. gate.Reasons, .. Ledger(report)]);
        return report.Checks.Count > 0
            ? new Headline(report.Checks.All(check => check.Outcome == LedgerOutcome.AsExpected), Expected(report.Checks), [.. Differing(report.Checks)])
            : new Headline(null, $"{Count(Verdicts(report))}. No ledger and no gate were given, so nothing was expected of them.", []);
    }

    /// <summary>As the headline says it.</summary>
    public static string Outcome(GateOutcome outcome) => outcome switch
    {
        GateOutcome.Pass => "pass",
        GateOutcome.Regression => "regression",
        GateOutcome.ClaimBroken => "claim broken",
        _ => "could not judge",
    };

    /// <summary>Every verdict of a report: the subjects' own, and the comparison's in place of their architecture-split.</summary>
    public static IEnumerable<(string Claim, string Subject, Verdict Verdict)> Verdicts(Report report)
    {
        foreach (var subject in report.Subjects)
            foreach (var verdict in subject.Study.Verdicts)
                if (report.Comparison is null || verdict.Claim != report.Comparison.Split.Claim) yield return (verdict.Claim, subject.Study.Subject,
                    verdict.Verdict);
        if (report.Comparison is { } comparison) yield return (comparison.Split.Claim, "all", comparison.Split.Verdict);
    }

    static string Count(IEnumerable<(string Claim, string Subject, Verdict Verdict)> verdicts)
    {
        var all = verdicts.ToArray();
        return $"{all.Length} verdicts: {string.Join(", ", Enum.GetValues<Verdict>().Select(verdict => $"{all.Count(each => each.Verdict == verdict)} {(verdict == Verdict.NotRun ? "not run" : verdict)}"))}";
    }

    static string Expected(IReadOnlyList<LedgerCheck> checks) =>
        $"{checks.Count(check => check.Outcome == LedgerOutcome.AsExpected)} of {checks.Count} verdicts as the ledger expects";

    static IEnumerable<string> Ledger(Report report) => report.Checks.Count == 0 ? [] : [$"{Expected(report.Checks)}.", .. Differing(report.Checks)];

    static IEnumerable<string> Differing(IReadOnlyList<LedgerCheck> checks) => checks.Where(check => check.Outcome != LedgerOutcome.AsExpected).Select(check =>
        $"{check.Claim}, {check.Subject}: {check.Found}, {(check.Entry is { } entry ? $"expected {entry.Expected}" : "not in the ledger yet")}. {check.Reason}");
}
