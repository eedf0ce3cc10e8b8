using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Reporting;

/// <summary>Why an answer has its label, in a sentence (the rules: docs/datasets.md). The label is the run's; this says only how it came about.</summary>
static class AnswerReason
{
    public static string Of(QuestionResult question)
    {
        var gold = string.Join(" or ", question.Gold.Select(name => $"\"{name}\""));
        var read = Read(question);
        return question.Label switch
        {
            AnswerStatus.Correct => read is null ? "matches the gold answer" : $"read as \"{read}\", which is the gold answer",
            AnswerStatus.Wrong =>
                read is null || question.Gold.Contains(read) ? $"read, and not as {(gold.Length > 0 ? gold : "the judgement asks")}"
                    : $"read as \"{read}\"; the gold answer is {gold}",
            AnswerStatus.Unparsed => $"{Needed(question)}, so it cannot be read and counts as wrong",
            _ => "has neither a gold answer nor a judgement, so it counts neither as right nor as wrong",
        };
    }

    /// <summary>Null where the reading needs the data set's own names, which a run does not hold.</summary>
    static string? Read(QuestionResult question) => Kind(question) switch
    {
        QuestionKind.YesNo => StrictYesNo.Parse(question.Answer),
        QuestionKind.Count => NumberAnswer.Parse(question.Answer)?.ToString(),
        QuestionKind.Spatial when question.Gold is [var gold, ..] =>
            PlaceAnswer.IsPlace(gold) ? PlaceAnswer.Parse(question.Answer, gold) : StrictYesNo.Parse(question.Answer),
        QuestionKind.Choice => ChoiceAnswer.Parse(question.Answer, ChoiceAnswer.OptionsOf(question.Question)),
        _ => null,
    };

    static string Needed(QuestionResult question) => Kind(question) switch
    {
        QuestionKind.YesNo => "does not begin with yes or no",
        QuestionKind.Count => "names no number, or more than one",
        QuestionKind.Spatial =>
            question.Gold is [var gold, ..] && !PlaceAnswer.IsPlace(gold) ? "does not begin with yes or no" : "names no place, or more than one",
        QuestionKind.Identify => "names nothing that the question accepts",
        QuestionKind.Choice => "gives no option's letter, or more than one",
        _ => "names none of the things asked about",
    };

    static QuestionKind? Kind(QuestionResult question) => QuestionKinds.TryParse(question.Kind, out var kind) ? kind : null;
}
