namespace Vrp.Harness.Datasets.Answers;

/// <summary>Compares a model's answer with the gold answer of its question, by the rule of the question's kind (docs/datasets.md).</summary>
/// <param name="aliases">Other words for names.</param>
/// <param name="yesNo">How yes and no are read.</param>
/// <param name="judgements">Verdicts for open questions without reference objects.</param>
public sealed class AnswerScorer(AliasTable aliases, YesNoRule yesNo = YesNoRule.Strict, Judgements? judgements = null)
{
    /// <summary>The judge for a data set's own aliases and judgements.</summary>
    public static AnswerScorer For(Dataset dataset, YesNoRule yesNo = YesNoRule.Strict) => new(dataset.Aliases, yesNo, dataset.Judgements);

    public ScoredAnswer Score(Question question, string answer) => question.Kind switch
    {
        QuestionKind.YesNo => YesNo(question, answer),
        QuestionKind.Count => Against(NumberAnswer.Parse(answer)?.ToString(), NumberAnswer.Parse(question.Answers[0])?.ToString()),
        QuestionKind.Spatial =>
            PlaceAnswer.IsPlace(Gold(question)) ? Against(PlaceAnswer.Parse(answer, Gold(question)), Gold(question)) : YesNo(question, answer),
        QuestionKind.Identify => Against(NameAnswer.Parse(answer, question.Answers, aliases), aliases.Canonical(question.Answers[0])),
        QuestionKind.Choice => Against(ChoiceAnswer.Parse(answer, question.Options), Gold(question)),
        QuestionKind.Open when question.Answers.Count == 0 => Judged(question, answer),
        QuestionKind.Open => Objects(question, answer),
        _ => throw new ArgumentOutOfRangeException(nameof(question), question.Kind, "is no kind of question"),
    };

    /// <summary>Whether gold answers are of the form that the kind needs.</summary>
    public static bool CanJudge(QuestionKind kind, IReadOnlyList<string> answers) => kind switch
    {
        QuestionKind.Choice => answers is [[>= 'A' and <= ChoiceAnswer.LastLetter]],
        QuestionKind.YesNo => answers is ["yes" or "no"],
        QuestionKind.Count => answers.Count == 1 && NumberAnswer.Parse(answers[0]) is not null,
        QuestionKind.Spatial => answers.Count == 1 && (PlaceAnswer.IsPlace(answers[0]) || answers[0] is "yes" or "no"),
        QuestionKind.Identify => answers.Count > 0 && answers.All(a => AnswerText.Plain(a).Length > 0),
        _ => answers.All(a => AnswerText.Plain(a).Length > 0),
    };

    static string Gold(Question question) => question.Answers[0];

    ScoredAnswer YesNo(Question question, string answer) =>
        Against(yesNo == YesNoRule.Strict ? StrictYesNo.Parse(answer) : PopeYesNo.Parse(answer), Gold(question));

    static ScoredAnswer Against(string? parsed, string? gold) =>
        new(parsed is null ? AnswerStatus.Unparsed : parsed == gold ? AnswerStatus.Correct : AnswerStatus.Wrong, parsed);

    ScoredAnswer Judged(Question question, string answer) => new(
        judgements?.Correct(question.Id, answer) switch { true => AnswerStatus.Correct, false => AnswerStatus.Wrong, null => AnswerStatus.Unjudged },
            answer.Trim());

    /// <summary>Right when every reference object is named and no absent one.</summary>
    ScoredAnswer Objects(Question question, string answer)
    {
        var named = ObjectListAnswer.Parse(answer, question.Answers.Concat(question.Absent), aliases);
        if (named.Count == 0) return new(AnswerStatus.Unparsed, null);
        var right = question.Answers.All(named.Contains) && !question.Absent.Any(named.Contains);
        return new(right ? AnswerStatus.Correct : AnswerStatus.Wrong, string.Join(", ", named.Order(StringComparer.Ordinal)));
    }
}

/// <summary>An answer after judging.</summary>
/// <param name="Status">Right, wrong, unparsed or unjudged.</param>
/// <param name="Parsed">What the answer says, in one spelling, so that answers can be compared; null when it says nothing.</param>
public sealed record ScoredAnswer(AnswerStatus Status, string? Parsed)
{
    public bool Correct => Status == AnswerStatus.Correct;
}
