using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Running;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Studying;

/// <summary>Answers that do not parse count as wrong. Where they are many the prompt or the question file is more likely at fault than the model, and whoever waits for verdicts should hear of it first.</summary>
static class UnparsedAnswers
{
    /// <summary>Share from which it is said.</summary>
    const double Many = 0.2;

    /// <summary>What to tell; null where most answers parse.</summary>
    public static string? Warning(TraceSet trace)
    {
        TraceRecord[] unparsed = [.. trace.Records.Where(record => trace.Scorer.Score(record.Question, record.Answer).Status == AnswerStatus.Unparsed)];
        if (trace.Count == 0 || unparsed.Length < Many * trace.Count) return null;
        var example = unparsed[0];
        return FormattableString.Invariant($"{trace.Facts.Subject}: {unparsed.Length:N0} of {trace.Count:N0} answers do not parse and count as wrong, for example \"{TerminalText.Line(TerminalText.Line(example.Answer).Trim(), 61)}\" to \"{TerminalText.Line(example.Question.Text)}\". Is the checkpoint tuned for questions, and its chat template the right one?");
    }
}
