using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Reporting;

/// <summary>Why an answer has its label, in a sentence (the rules: docs/datasets.md). The label is the run's; this says only how it came about.</summary>
static class AnswerReason
{
    public static string Of(StudySample sample)
    {
        var gold = string.Join(" or ", sample.Gold.Select(name => $"\"{name}\""));
        var read = Read(sample);
        return sample.Label switch
        {
            "correct" => read is null ? "matches the gold answer" : $"read as \"{read}\", which is the gold answer",
            "wrong" => read is null || sample.Gold.Contains(read) ? $"read, and not as {(gold.Length > 0 ? gold : "the judgement asks")}" : $"read as \"{read}\"; the gold answer is {gold}",
            "unparsed" => $"{Needed(sample)}, so it cannot be read and counts as wrong",
            _ => "has neither a gold answer nor a judgement, so it counts neither as right nor as wrong",
        };
    }

    /// <summary>Null where the reading needs the data set's own names, which a run does not hold.</summary>
    static string? Read(StudySample sample) => Kind(sample) switch
    {
        QuestionKind.YesNo => StrictYesNo.Parse(sample.Answer),
        QuestionKind.Count => NumberAnswer.Parse(sample.Answer)?.ToString(),
        QuestionKind.Spatial when sample.Gold is [var gold, ..] => PlaceAnswer.IsPlace(gold) ? PlaceAnswer.Parse(sample.Answer, gold) : StrictYesNo.Parse(sample.Answer),
        _ => null,
    };

    static string Needed(StudySample sample) => Kind(sample) switch
    {
        QuestionKind.YesNo => "does not begin with yes or no",
        QuestionKind.Count => "names no number, or more than one",
        QuestionKind.Spatial => sample.Gold is [var gold, ..] && !PlaceAnswer.IsPlace(gold) ? "does not begin with yes or no" : "names no place, or more than one",
        QuestionKind.Identify => "names nothing that the question accepts",
        _ => "names none of the things asked about",
    };

    static QuestionKind? Kind(StudySample sample) => QuestionKinds.TryParse(sample.Kind, out var kind) ? kind : null;
}
