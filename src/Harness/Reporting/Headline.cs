using Vrp.Harness.Claims;
using Vrp.Harness.Gating;
using Vrp.Harness.Running;

namespace Vrp.Harness.Reporting;

/// <summary>The first sentence of every report: the gate's outcome, else how the verdicts stand to the ledger, else only what they are.</summary>
/// <param name="Word">PASS, FAIL, COULD NOT JUDGE or PREVIEW; null where nothing was expected.</param>
/// <param name="Good">Whether all is as expected; null where nothing was expected.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Differences">What is unlike expected, the weightiest first.</param>
sealed record Headline(string? Word, bool? Good, string Text, IReadOnlyList<Difference> Differences)
{
    const int Named = 3;

    public static Headline Of(Report report)
    {
        var all = Reporting.Differences.Of(report);
        if (report.Gate is { } gate) return new Headline(Said(gate.Outcome), gate.Outcome == GateOutcome.Pass, Sentence(gate, all), all);
        if (report.Checks.Count == 0 && report.NotRun.Count == 0)
            return new Headline(null, null, $"{Count(Verdicts(report))}. No ledger and no gate were given, so nothing was expected of them.", all);
        if (report.Preview) return new Headline("PREVIEW", null,
            $"a part of the questions or of the interventions, which decides nothing; {Sentence(report, all)}", all);
        return new Headline(all.Count == 0 ? "PASS" : all[0].Severity <= Severity.Broken ? "FAIL" : "COULD NOT JUDGE", all.Count == 0, Sentence(report, all),
            all);
    }

    static string Said(GateOutcome outcome) => outcome switch
    {
        GateOutcome.Pass => "PASS",
        GateOutcome.CouldNotJudge => "COULD NOT JUDGE",
        _ => "FAIL",
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
        string Of(Verdict verdict) => $"{all.Count(each => each.Verdict == verdict)} {(verdict == Verdict.NotRun ? "not run" : verdict)}";
        return $"{all.Length} verdicts: {string.Join(", ", Enum.GetValues<Verdict>().Select(Of))}";
    }

    static string Sentence(GateResult gate, IReadOnlyList<Difference> all) => gate.Outcome switch
    {
        GateOutcome.Pass => $"{gate.Candidate} is no worse than {gate.Baseline} on {NumberText.Count(gate.Questions)} questions",
        GateOutcome.Regression => $"worse than the margin allows: {Names(all, Severity.Regressed)}",
        GateOutcome.ClaimBroken => $"a claim has the opposite verdict: {Names(all, Severity.Broken)}",
        _ => "too little to decide on",
    };

    static string Sentence(Report report, IReadOnlyList<Difference> all)
    {
        var changed = all.Count(each => each.Severity is Severity.Broken or Severity.Undecided);
        var fresh = all.Count(each => each.Severity == Severity.New);
        string[] parts =
        [
            .. changed > 0 ? [$"{changed} of {report.Checks.Count} verdicts changed: {Names(all, Severity.Broken, Severity.Undecided)}"]
                : Array.Empty<string>(),
            .. report.NotRun.Count > 0 ? [$"{Names(all, Severity.DidNotRun)} did not run"] : Array.Empty<string>(),
            .. fresh > 0 ? [$"{fresh} of {report.Checks.Count} verdicts {(fresh == 1 ? "is" : "are")} not in the ledger yet: {Names(all, Severity.New)}"]
                : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? $"all {report.Checks.Count} verdicts are the ones that the ledger expects" : string.Join("; ", parts);
    }

    static string Names(IReadOnlyList<Difference> all, params Severity[] severities)
    {
        string[] names = [.. all.Where(each => severities.Contains(each.Severity)).Select(each => each.Place)];
        return names.Length <= Named ? string.Join(", ", names) : $"{string.Join(", ", names.Take(Named))} and {names.Length - Named} more";
    }
}
