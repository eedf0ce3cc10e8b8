namespace Vrp.Harness.Datasets.Answers;

/// <summary>Compares a model's answer with the gold answer of its sample, by the rule of the question's kind (docs/datasets.md).</summary>
/// <param name="aliases">Other words for names.</param>
/// <param name="yesNo">How yes and no are read.</param>
/// <param name="judgements">Verdicts for open questions without reference objects.</param>
public sealed class AnswerJudge(AliasTable aliases, YesNoRule yesNo = YesNoRule.Strict, Judgements? judgements = null)
{
    /// <summary>The judge for a data set's own aliases and judgements.</summary>
    public static AnswerJudge For(Dataset dataset, YesNoRule yesNo = YesNoRule.Strict) => new(dataset.Aliases, yesNo, dataset.Judgements);

    public ScoredAnswer Score(Sample sample, string answer) => sample.Kind switch
    {
        QuestionKind.YesNo => YesNo(sample, answer),
        QuestionKind.Count => Against(NumberAnswer.Parse(answer)?.ToString(), NumberAnswer.Parse(sample.Answers[0])?.ToString()),
        QuestionKind.Spatial => PlaceAnswer.IsPlace(Gold(sample)) ? Against(PlaceAnswer.Parse(answer, Gold(sample)), Gold(sample)) : YesNo(sample, answer),
        QuestionKind.Identify => Against(NameAnswer.Parse(answer, sample.Answers, aliases), aliases.Canonical(sample.Answers[0])),
        QuestionKind.Open when sample.Answers.Count == 0 => Judged(sample, answer),
        QuestionKind.Open => Objects(sample, answer),
        _ => throw new ArgumentOutOfRangeException(nameof(sample), sample.Kind, "is no kind of question"),
    };

    /// <summary>Whether gold answers are of the form that the kind needs.</summary>
    public static bool CanJudge(QuestionKind kind, IReadOnlyList<string> answers) => kind switch
    {
        QuestionKind.YesNo => answers is ["yes" or "no"],
        QuestionKind.Count => answers.Count == 1 && NumberAnswer.Parse(answers[0]) is not null,
        QuestionKind.Spatial => answers.Count == 1 && (PlaceAnswer.IsPlace(answers[0]) || answers[0] is "yes" or "no"),
        QuestionKind.Identify => answers.Count > 0 && answers.All(a => AnswerText.Plain(a).Length > 0),
        _ => answers.All(a => AnswerText.Plain(a).Length > 0),
    };

    static string Gold(Sample sample) => sample.Answers[0];

    ScoredAnswer YesNo(Sample sample, string answer) =>
        Against(yesNo == YesNoRule.Strict ? StrictYesNo.Parse(answer) : PopeYesNo.Parse(answer), Gold(sample));

    static ScoredAnswer Against(string? parsed, string? gold) =>
        new(parsed is null ? AnswerStatus.Unparsed : parsed == gold ? AnswerStatus.Right : AnswerStatus.Wrong, parsed);

    ScoredAnswer Judged(Sample sample, string answer) => new(
        judgements?.Correct(sample.Id, answer) switch { true => AnswerStatus.Right, false => AnswerStatus.Wrong, null => AnswerStatus.Unjudged }, answer.Trim());

    /// <summary>Right when every reference object is named and no absent one.</summary>
    ScoredAnswer Objects(Sample sample, string answer)
    {
        var named = ObjectListAnswer.Parse(answer, sample.Answers.Concat(sample.Absent), aliases);
        if (named.Count == 0) return new(AnswerStatus.Unparsed, null);
        bool right = sample.Answers.All(named.Contains) && !sample.Absent.Any(named.Contains);
        return new(right ? AnswerStatus.Right : AnswerStatus.Wrong, string.Join(", ", named.Order(StringComparer.Ordinal)));
    }
}
