using System.Globalization;
using System.Text;
using Vrp.Harness.Claims;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Gating;

/// <summary>A gate's result as plain text that a log keeps readable.</summary>
public static class GateTables
{
    /// <summary>Flipped answers that are listed; the report has all of them.</summary>
    const int ShownFlips = 10;

    /// <summary>Within 80 columns; margins, n and p-values stand in the reasons. Metrics, verdict changes, the first flips, and last what the gate says and
    /// why.</summary>
    public static string Render(GateResult result)
    {
        var text = new StringBuilder();
        text.Append(StudyTables.Table($"{result.Candidate} against {result.Baseline} on {result.Data}: {result.Questions} questions, {result.Images} images",
            ["metric", "before → after", "difference, + is better", "outcome"],
            result.Metrics.Select(metric => new[] { metric.Name, $"{Value(metric.Baseline)} → {Value(metric.Candidate)}", Interval(metric.Difference),
                Word(metric.Outcome) })));
        foreach (var metric in result.Metrics.Where(metric => metric.Outcome == MetricOutcome.NotMeasured))
            text.Append("  ").Append(TerminalText.Line(metric.Reason)).Append('\n');
        if (result.VerdictChanges.Count > 0)
            text.Append('\n').Append(StudyTables.Table("Verdicts that changed", ["claim", "was", "is", "because"],
                result.VerdictChanges.Select(change => new[] { change.Claim, change.Before.ToString(), change.After.ToString(),
                    TerminalText.Line(change.Reason) })));
        if (result.Flips.Count > 0)
        {
            var lost = result.Flips.Count(flip => flip.Lost);
            text.Append('\n').Append(StudyTables.Table($"Answers: {lost} were right and are wrong, {result.Flips.Count - lost} were wrong and are right",
                ["", "question", "was", "is"],
                result.Flips.Take(ShownFlips).Select(flip => new[] { flip.Lost ? "lost" : "won", flip.Baseline.Id, Short(flip.Baseline),
                    Short(flip.Candidate) })));
            if (result.Flips.Count > ShownFlips) text.Append(CultureInfo.InvariantCulture, $"… and {result.Flips.Count - ShownFlips} more\n");
        }

        text.Append('\n').Append(Headline(result)).Append('\n');
        foreach (var reason in result.Reasons) text.Append("  ").Append(TerminalText.Line(reason)).Append('\n');
        return text.ToString();
    }

    /// <summary>The outcome in a sentence.</summary>
    public static string Headline(GateResult result) => result.Outcome switch
    {
        GateOutcome.Pass => "PASS: no metric is worse than its margin allows.",
        GateOutcome.Regression =>
            $"REGRESSION: {string.Join(", ", result.Metrics
                .Where(metric => metric is { Role: not GateRole.Reported, Outcome: MetricOutcome.Regressed }).Select(metric => metric.Name))}.",
        GateOutcome.ClaimBroken =>
            $"CLAIM BROKEN: {string.Join(", ", result.VerdictChanges.Where(change => change.Breaks).Select(change => change.Claim))}.",
        _ => "COULD NOT JUDGE.",
    };

    static string Word(MetricOutcome outcome) => outcome switch
    {
        MetricOutcome.NonInferior => "not worse",
        MetricOutcome.Regressed => "REGRESSED",
        MetricOutcome.Undecided => "undecided",
        _ => "not measured",
    };

    static string Short(QuestionResult question) =>
        TerminalText.Line(question.Answer, 18)
        + (question.Scores.TryGetValue("first_token_probability", out var p) ? string.Create(CultureInfo.InvariantCulture, $" ({p:0.00})") : "");

    static string Value(Estimate? estimate) => estimate is { } e ? NumberText.Fixed(e.Value) : "-";

    static string Interval(Estimate? estimate) => estimate is { } e
        ? $"{NumberText.Signed(e.Value)} [{NumberText.Fixed(e.Low)}, {NumberText.Fixed(e.High)}]" : "-";
}
