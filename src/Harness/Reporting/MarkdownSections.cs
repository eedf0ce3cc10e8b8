using System.Globalization;
using Vrp.Harness.Claims;
using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Statistics;
using static Vrp.Harness.Reporting.MarkdownText;

namespace Vrp.Harness.Reporting;

/// <summary>The parts that the step summary and the comment are put together from, the most important first.</summary>
static class MarkdownSections
{
    public static IEnumerable<string> Head(Report report)
    {
        var headline = Headline.Of(report);
        yield return $"## {Escape(report.Title, 200)}";
        yield return "";
        yield return $"**{(headline.Good switch { true => "✅ ", false => "❌ ", null => "" })}{Escape(headline.Text)}**";
        yield return "";
        foreach (var detail in headline.Details.Take(20)) yield return $"- {Escape(detail, 600)}";
        if (headline.Details.Count > 20) yield return $"- … and {headline.Details.Count - 20} more";
    }

    public static IEnumerable<string> Verdicts(Report report)
    {
        yield return "";
        yield return $"| claim | {string.Join(" | ", report.Subjects.Select(subject => Escape(subject.Study.Subject, 60)))} |";
        yield return $"|---|{string.Concat(report.Subjects.Select(_ => "---|"))}";
        foreach (var claim in ClaimRegistry.All) yield return $"| `{claim.Id}` | {string.Join(" | ", report.Subjects.Select((subject, i) => Cell(report, claim, subject, i)))} |";
    }

    static string Cell(Report report, Claim claim, ReportSubject subject, int i)
    {
        var compared = claim.IsOverSubjects && report.Comparison is not null;
        if (compared && i > 0) return "(see the first)";
        if ((compared ? report.Comparison!.Split.Verdict
            : subject.Study.Verdicts.FirstOrDefault(verdict => verdict.Claim == claim.Id)?.Verdict) is not { } verdict) return "absent";
        var check = report.Checks.FirstOrDefault(check => check.Claim == claim.Id && check.Subject == (compared ? "all" : subject.Study.Subject));
        var shape = verdict switch { Verdict.Supported => "✔", Verdict.Refuted => "✘", Verdict.Inconclusive => "?", _ => "○" };
        return $"{shape} {verdict}{(compared ? " (all subjects)" : "")}" + check?.Outcome switch
        {
            LedgerOutcome.Differs => $" **≠ expected {check.Entry!.Expected}**",
            LedgerOutcome.New => " **new**",
            _ => "",
        };
    }

    public static IEnumerable<string> Gate(GateResult gate)
    {
        yield return "";
        yield return $"### {Escape(gate.Candidate, 60)} against {Escape(gate.Baseline, 60)}: {gate.Questions.ToString("N0", CultureInfo.InvariantCulture)} questions, {gate.Images.ToString("N0", CultureInfo.InvariantCulture)} pictures of {Escape(gate.Data, 60)}";
        yield return "";
        yield return "| metric | baseline | candidate | difference (positive is better) | margin | p (Holm) | outcome |";
        yield return "|---|---|---|---|---|---|---|";
        foreach (var metric in gate.Metrics)
            yield return $"| `{Escape(metric.Name, 60)}` | {Value(metric.Baseline)} | {Value(metric.Candidate)} | {Shown(metric.Difference)} | {Number(metric.Margin)} | {(metric.AdjustedP is { } p ? Number(p) : "–")} | {Word(metric.Outcome)} |";
        if (gate.VerdictChanges.Count == 0) yield break;
        yield return "";
        yield return "| claim | was | is | because |";
        yield return "|---|---|---|---|";
        foreach (var change in gate.VerdictChanges) yield return $"| `{change.Claim}` | {change.Before} | {change.After}{(change.Expected ? " (as the ledger expects)" : change.IsOpposite ? " **(opposite)**" : "")} | {Escape(change.Reason)} |";
    }

    public static IEnumerable<string> Flips(GateResult gate, int most)
    {
        if (gate.Flips.Count == 0) yield break;
        yield return "";
        yield return $"<details><summary>{gate.Flips.Count(flip => flip.Lost)} questions were right and are wrong, {gate.Flips.Count(flip => !flip.Lost)} the other way round{(gate.Flips.Count > most ? $"; the first {most}" : "")}</summary>";
        yield return "";
        yield return "| question | picture | gold | was | is |";
        yield return "|---|---|---|---|---|";
        foreach (var flip in gate.Flips.Take(most))
            yield return $"| {Escape(flip.Candidate.Question, 200)} | {Escape(flip.Candidate.Image, 60)} | {Escape(string.Join(" / ", flip.Candidate.Gold), 80)} | {Side(flip.Baseline)} | {Side(flip.Candidate)} |";
        yield return "";
        yield return "</details>";
    }

    /// <summary>Reasons of every verdict, by subject.</summary>
    public static IEnumerable<string> Reasons(Report report)
    {
        var studies = report.Subjects.Select(subject => (subject.Study.Subject, subject.Study.Verdicts));
        if (report.Comparison is { Split: var split })
            studies = studies.Append(("all", [split]));
        foreach (var (subject, verdicts) in studies)
        {
            yield return "";
            yield return $"<details><summary>Why: {Escape(subject, 60)}</summary>";
            yield return "";
            yield return "| claim | verdict | as printed | because | would settle |";
            yield return "|---|---|---|---|---|";
            foreach (var verdict in verdicts)
                yield return $"| `{verdict.Claim}` | {verdict.Verdict} | {verdict.Published.Word} | {Escape(verdict.Reason, 1000)} | {Escape(verdict.WouldSettle ?? "", 600)} |";
            yield return "";
            yield return "</details>";
        }
    }

    /// <summary>The study's figures beside those found.</summary>
    public static IEnumerable<string> Figures(Report report)
    {
        yield return "";
        yield return "<details><summary>Printed by the study, and found here</summary>";
        yield return "";
        yield return $"| claim | figure | {string.Join(" | ", report.Subjects.Select(subject => $"printed ({subject.Study.ModelFamily.Title()}) | {Escape(subject.Study.Subject, 60)}"))} |";
        yield return $"|---|---|{string.Concat(report.Subjects.Select(_ => "---|---|"))}";
        foreach (var claim in ClaimRegistry.All)
            foreach (var figure in claim.Figures)
                yield return $"| `{claim.Id}` | {Escape(figure.What)} | {string.Join(" | ", report.Subjects.Select(subject => $"{(figure.For(subject.Study.ModelFamily) is { } printed ? Number(printed) : "–")} | {Ours(claim, figure, subject.Study)}"))} |";
        yield return "";
        yield return "</details>";
    }

    static string Ours(Claim claim, PublishedFigure figure, StudyResult study)
    {
        if (figure.Ours(claim, study.Estimates, study.ModelFamily, study.Layers) is not { Estimate: var e }) return "–";
        return Shown(e with { Value = figure.Scale * e.Value, Low = figure.Scale * e.Low, High = figure.Scale * e.High });
    }

    static string Side(StudySample sample) => Escape(sample.Answer, 120)
        + (sample.Scores.TryGetValue("first_token_probability", out var confidence) ? $" ({Number(confidence)})" : "");

    static string Word(MetricOutcome outcome) => outcome switch
    {
        MetricOutcome.NonInferior => "✔ not worse",
        MetricOutcome.Regressed => "✘ **regressed**",
        MetricOutcome.Undecided => "? undecided",
        _ => "○ not measured",
    };

    static string Value(Estimate? estimate) => estimate is { } e ? Number(e.Value) : "–";

    static string Shown(Estimate? estimate) => estimate is not { } e ? "–" : e.HasInterval ? $"{Number(e.Value)} [{Number(e.Low)}, {Number(e.High)}]"
        : $"{Number(e.Value)} (point)";

    static string Number(double value) => value.ToString(Math.Abs(value) is > 0 and < 0.0005 ? "0.0e0" : "0.####", CultureInfo.InvariantCulture);
}
