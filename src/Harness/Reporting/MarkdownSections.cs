using Vrp.Harness.Claims;
using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;
using Vrp.Harness.Studies;
using static Vrp.Harness.Reporting.MarkdownText;

namespace Vrp.Harness.Reporting;

/// <summary>The parts that the step summary and the comment are put together from, the most important first.</summary>
static class MarkdownSections
{
    const int ShownDifferences = 20;

    /// <summary>Runs that a table of metrics has room for.</summary>
    const int MostRuns = 6;

    public static IEnumerable<string> Head(Report report)
    {
        var headline = Headline.Of(report);
        yield return $"## {Escape(report.Title, 200)}";
        yield return "";
        yield return $"{(headline.Word is { } word ? $"**{(headline.Good == true ? "✅" : "❌")} {word}** · " : "")}{Escape(headline.Text)}";
        yield return "";
        foreach (var each in headline.Differences.Take(ShownDifferences))
            yield return $"- {(each.Name.Length > 0 ? $"{Code(each.Name)} " : "")}"
                + (each.Subject.Length > 0 ? $"{(each.Name.Length > 0 ? "on " : "")}{Escape(Everybody(each.Subject), 60)}: " : "")
                + $"**{Escape(each.What, 600)}**{(each.Reason.Length > 0 ? $". {Escape(each.Reason, 600)}" : "")}";
        if (headline.Differences.Count > ShownDifferences) yield return $"- … and {headline.Differences.Count - ShownDifferences} more";
        if (headline.Differences.Count > 0) yield return "";
        yield return $"<sub>{string.Join(" · ", Facts(report))}</sub>";
    }

    static IEnumerable<string> Facts(Report report)
    {
        var origin = report.Origin;
        if (origin.Date is { } date) yield return date;
        if (origin.Commit is { } commit) yield return $"commit {Escape(commit, 60)}";
        // An address has no < and > of its own, but may have parentheses, which would end a bare one.
        if (origin.Run is { } run) yield return $"[CI run](<{run.AbsoluteUri}>)";
        if (origin.Command is { } command) yield return Code(command, 300);
        yield return $"claims of the study {string.Join(" and ", PublishedStudy.Papers.Select(paper => $"[{paper.Title}]({paper.Address})"))}; \"Refuted\" is "
            + "a finding about a model, not a failure";
    }

    /// <summary>Right answers by kind, with intervals.</summary>
    public static IEnumerable<string> Accuracy(Report report)
    {
        var subjects = report.Subjects.Select(subject => (subject.Study, Kinds: KindAccuracy.Of(subject.Study))).ToArray();
        string[] kinds = [.. subjects.SelectMany(subject => subject.Kinds.Select(kind => kind.Kind)).Distinct()];
        if (kinds.Length == 0) yield break;
        yield return "";
        yield return $"| right answers, % | {string.Join(" | ", subjects.Select(subject => Escape(subject.Study.Subject, 60)))} |";
        yield return $"|---|{string.Concat(subjects.Select(_ => "---|"))}";
        foreach (var kind in kinds)
            yield return $"| {(kind == KindAccuracy.AllKinds ? "all questions" : Escape(kind, 60))} | "
                + $"{string.Join(" | ", subjects.Select(subject => Percent(subject.Kinds.FirstOrDefault(each => each.Kind == kind)?.Accuracy)))} |";
    }

    static string Percent(Estimate? accuracy) => accuracy is not { } e ? "–"
        : $"{NumberText.PercentValue(e.Value)}{(e.HasInterval ? $" [{NumberText.PercentValue(e.Low)}, {NumberText.PercentValue(e.High)}]" : " (point)")}, "
            + $"n = {NumberText.Count(e.N)}";

    /// <summary>A row per claim, a column per subject; what is judged over all of them stands below.</summary>
    public static IEnumerable<string> Verdicts(Report report)
    {
        var ledger = report.Checks.Count > 0;
        yield return "";
        yield return $"| claim | {string.Join(" | ", report.Subjects.Select(subject => Escape(subject.Study.Subject, 60)))} "
            + $"|{(ledger ? " as expected |" : "")}";
        yield return $"|---|{string.Concat(report.Subjects.Select(_ => "---|"))}{(ledger ? "---|" : "")}";
        foreach (var claim in ClaimRegistry.All.Where(claim => !IsCompared(report, claim)))
            yield return $"| `{claim.Id}` | {string.Join(" | ", report.Subjects.Select(subject => Cell(report, claim, subject)))} "
                + $"|{(ledger ? $" {AsExpected(report, claim.Id)} |" : "")}";
        if (report.Comparison is not { Split: var split }) yield break;
        yield return "";
        yield return $"`{split.Claim}`, over all subjects: "
            + $"{Found(split.Verdict, Check(report, split.Claim, Ledger.AllSubjects))}{(ledger ? $" · as expected: {AsExpected(report, split.Claim)}" : "")}";
    }

    static bool IsCompared(Report report, Claim claim) => report.Comparison is { } comparison && comparison.Split.Claim == claim.Id;

    static string Cell(Report report, Claim claim, ReportSubject subject) =>
        subject.Study.Verdicts.FirstOrDefault(verdict => verdict.Claim == claim.Id) is { } found
            ? Found(found.Verdict, Check(report, claim.Id, subject.Study.Subject)) : "absent";

    static LedgerCheck? Check(Report report, string claim, string subject) =>
        report.Checks.FirstOrDefault(check => check.Claim == claim && check.Subject == subject);

    static string Found(Verdict verdict, LedgerCheck? check) => Differences.Word(verdict) + check?.Outcome switch
    {
        LedgerOutcome.Differs => $" **≠ expected {Differences.Word(check.Entry!.Expected)}**",
        LedgerOutcome.New => " **new**",
        _ => "",
    };

    static string AsExpected(Report report, string claim)
    {
        var (changed, fresh) = (Count(LedgerOutcome.Differs), Count(LedgerOutcome.New));
        string[] parts = [.. new[] { changed > 0 ? $"{changed} changed" : "", fresh > 0 ? $"{fresh} new" : "" }.Where(part => part.Length > 0)];
        return parts.Length == 0 ? "✓" : $"**✗ {string.Join(", ", parts)}**";
        int Count(LedgerOutcome outcome) => report.Checks.Count(check => check.Claim == claim && check.Outcome == outcome);
    }

    /// <summary>Runs of a subject over time, the newest last: the table of runs, and folded the gate's metrics of the newest ones.</summary>
    public static IEnumerable<string> History(RunHistory history)
    {
        yield return "";
        yield return $"### {Escape(history.Subject, 60)} on {Escape(history.Data, 60)}: {history.Runs.Count} runs";
        yield return "";
        yield return "| run | commit | questions | right answers, % | since the run before |";
        yield return "|---|---|---|---|---|";
        foreach (var run in history.Runs)
            yield return $"| {run.Origin?.DateText ?? $"{Escape(run.Name, 60)}, date not recorded"} | {Escape(run.Origin?.CommitText ?? "not recorded", 60)} | "
                + $"{NumberText.Count(run.Questions)} | {Percent(run["accuracy"])} | {Since(run.Since)} |";
        yield return "";
        var shown = history.Runs.TakeLast(MostRuns).ToArray();
        yield return $"<details><summary>Metrics{(shown.Length < history.Runs.Count ? $" of the newest {shown.Length}" : "")}</summary>";
        yield return "";
        var names = shown.Select(run => run.Origin is { } origin ? origin.CommitText ?? origin.DateText : run.Name);
        yield return $"| metric | {string.Join(" | ", names.Select(name => Escape(name, 60)))} |";
        yield return $"|---|{string.Concat(shown.Select(_ => "---|"))}";
        foreach (var metric in history.Metrics)
            yield return $"| {Code(metric.Name)} | {string.Join(" | ", shown.Select(run => Shown(run[metric.Name])))} |";
        yield return "";
        yield return "</details>";
    }

    static string Since(RunChanges? since) => since is null ? "" : string.Join("; ", new[]
    {
        since.OtherQuestions ? "**other questions**" : "",
        since.Lost + since.Won > 0 ? $"{since.Lost} answers lost, {since.Won} won" : "no answer changed between right and wrong",
        string.Join(", ", since.Verdicts.Select(each => $"`{each.Claim}` was {Differences.Word(each.Before)}, is {Differences.Word(each.After)}")),
        since.Settings is null ? "settings not recorded"
            : since.Settings.Count > 0 ? $"changed: {string.Join(", ", since.Settings.Select(name => Code(name)))}" : "",
    }.Where(part => part.Length > 0));

    /// <summary>Metrics, then the claims that changed.</summary>
    public static IEnumerable<string> Gate(GateResult gate)
    {
        yield return "";
        yield return $"### {Escape(gate.Candidate, 60)} against {Escape(gate.Baseline, 60)}: {NumberText.Count(gate.Questions)} questions, "
            + $"{NumberText.Count(gate.Images)} images of {Escape(gate.Data, 60)}";
        yield return "";
        yield return "| metric | baseline → candidate | Δ, positive is better | | outcome |";
        yield return "|---|---|---|---|---|";
        foreach (var metric in gate.Metrics.OrderBy(metric => metric.Outcome == MetricOutcome.Regressed ? 0 : 1))
            yield return $"| {Code(metric.Name)} | {Value(metric.Baseline)} → {Value(metric.Candidate)} | {Change(metric.Difference)} | {Bar(metric)} | "
                + $"{Word(metric.Outcome)} |";
        yield return "";
        yield return "<sub>Bar: `●` the difference, `│` none, `┆` the margin: a loss up to there counts as none.</sub>";
        if (gate.VerdictChanges.Count == 0) yield break;
        yield return "";
        yield return "| claim | was | is | because |";
        yield return "|---|---|---|---|";
        foreach (var change in gate.VerdictChanges) yield return $"| `{change.Claim}` | {Differences.Word(change.Before)} | "
            + $"{Differences.Word(change.After)}{(change.Expected ? " (✓ as expected)" : change.IsOpposite ? " **(opposite)**" : "")} | "
                + $"{Escape(change.Reason)} |";
    }

    /// <summary>The difference on a line of two margins to either side; what is further out lies at the end as an arrow.</summary>
    static string Bar(MetricResult metric)
    {
        const int Margin = 3, Reach = 2 * Margin;
        if (metric is not { Difference: { } difference, Margin: > 0 }) return "";
        var line = new string('·', 2 * Reach + 1).ToCharArray();
        (line[Reach], line[Reach - Margin]) = ('│', '┆');
        var at = Margin * difference.Value / metric.Margin;
        line[Reach + (int)Math.Round(Math.Clamp(at, -Reach, Reach))] = at < -Reach - 0.5 ? '◀' : at > Reach + 0.5 ? '▶' : '●';
        return $"`{new string(line)}`";
    }

    public static IEnumerable<string> Flips(GateResult gate, int most)
    {
        if (gate.Flips.Count == 0) yield break;
        yield return "";
        yield return $"<details><summary>{Times(gate.Flips.Count(flip => flip.Lost))} right and {(gate.Flips.Count(flip => flip.Lost) == 1 ? "is" : "are")} "
            + $"wrong, {gate.Flips.Count(flip => !flip.Lost)} the other way round{(gate.Flips.Count > most ? $"; the first {most}" : "")}</summary>";
        yield return "";
        yield return "| question | image | gold | was | is |";
        yield return "|---|---|---|---|---|";
        foreach (var flip in gate.Flips.Take(most))
            yield return $"| {Escape(flip.Candidate.Question, 200)} | {Escape(flip.Candidate.Image, 60)} | "
                + $"{Escape(string.Join(" / ", flip.Candidate.Gold), 80)} | {Side(flip.Baseline)} | {Side(flip.Candidate)} |";
        yield return "";
        yield return "</details>";
    }

    static string Times(int count) => count == 1 ? "1 answer was" : $"{NumberText.Count(count)} answers were";

    /// <summary>Claims that did not change: one line, with the table behind it.</summary>
    public static IEnumerable<string> Unchanged(Report report, GateResult gate)
    {
        yield return "";
        yield return $"<details><summary>{ClaimRegistry.All.Count - gate.VerdictChanges.Count} claims as for the baseline; all verdicts</summary>";
        foreach (var line in Verdicts(report)) yield return line;
        yield return "";
        yield return "</details>";
    }

    /// <summary>Reasons of every verdict, by subject.</summary>
    public static IEnumerable<string> Reasons(Report report)
    {
        var studies = report.Subjects.Select(subject => (subject.Study.Subject,
            Verdicts: subject.Study.Verdicts.Where(verdict => report.Comparison is null || verdict.Claim != report.Comparison.Split.Claim)));
        if (report.Comparison is { Split: var split })
            studies = studies.Append((Ledger.AllSubjects,
                [split]));
        foreach (var (subject, verdicts) in studies)
        {
            yield return "";
            yield return $"<details><summary>Why: {Escape(Everybody(subject), 60)}</summary>";
            yield return "";
            yield return "| claim | verdict | because | to decide it | paper's own criterion |";
            yield return "|---|---|---|---|---|";
            foreach (var verdict in verdicts)
                yield return $"| `{verdict.Claim}` | {Differences.Word(verdict.Verdict)} | {Escape(verdict.Reason, 1000)} | "
                    + $"{Escape(verdict.WouldSettle ?? "", 600)} | {PublishedStudy.Criterion(verdict.Published)} |";
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
        var heads = report.Subjects.Select(subject => $"printed ({subject.Study.ModelFamily.Title()}) | {Escape(subject.Study.Subject, 60)}");
        yield return $"| claim | figure | {string.Join(" | ", heads)} |";
        yield return $"|---|---|{string.Concat(report.Subjects.Select(_ => "---|---|"))}";
        foreach (var claim in ClaimRegistry.All)
            foreach (var figure in claim.Figures)
            {
                string Printed(StudyResult study) => figure.For(study.ModelFamily) is { } printed ? NumberText.Number(printed) : "–";
                var cells = report.Subjects.Select(subject => $"{Printed(subject.Study)} | {Ours(claim, figure, subject.Study)}");
                yield return $"| `{claim.Id}` | {Escape(figure.What)} | {string.Join(" | ", cells)} |";
            }

        yield return "";
        yield return "</details>";
    }

    static string Ours(Claim claim, PublishedFigure figure, StudyResult study)
    {
        if (figure.Ours(claim, study.Estimates, study.ModelFamily, study.Layers) is not { Estimate: var e }) return "–";
        return Shown(e with { Value = figure.Scale * e.Value, Low = figure.Scale * e.Low, High = figure.Scale * e.High });
    }

    static string Everybody(string subject) => subject == Ledger.AllSubjects ? "all subjects" : subject;

    static string Side(QuestionResult question) => Escape(question.Answer, 120)
        + (question.Scores.TryGetValue("first_token_probability", out var confidence) ? $" ({NumberText.Number(confidence)})" : "");

    static string Word(MetricOutcome outcome) => outcome switch
    {
        MetricOutcome.NonInferior => "✓ not worse",
        MetricOutcome.Regressed => "✗ **regressed**",
        MetricOutcome.Undecided => "undecided",
        _ => "not measured",
    };

    static string Value(Estimate? estimate) => estimate is { } e ? NumberText.Fixed(e.Value) : "–";

    static string Change(Estimate? estimate) =>
        estimate is { } e ? $"{NumberText.Signed(e.Value)} {(e.HasInterval ? $"[{NumberText.Fixed(e.Low)}, {NumberText.Fixed(e.High)}]" : "(point)")}" : "–";

    static string Shown(Estimate? estimate) =>
        estimate is not { } e ? "–" : e.HasInterval ? $"{NumberText.Number(e.Value)} [{NumberText.Number(e.Low)}, {NumberText.Number(e.High)}]"
        : $"{NumberText.Number(e.Value)} (point)";
}
