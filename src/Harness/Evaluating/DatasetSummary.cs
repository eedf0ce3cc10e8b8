using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Running;

namespace Vrp.Harness.Evaluating;

/// <summary>What was understood of a question set, as text for a person: per kind how many, what is expected, how an answer is judged, and three examples with
/// how some answers are scored.</summary>
public static class DatasetSummary
{
    const int Examples = 3, Commonest = 5, Width = 100;

    /// <summary>The whole set.</summary>
    public static string Render(Dataset dataset)
    {
        var scorer = AnswerScorer.For(dataset);
        var kinds = dataset.Questions.GroupBy(question => question.Kind).OrderBy(kind => kind.Key);
        return $"{dataset.Name}: {dataset.Form}; {NumberText.Count(dataset.Questions.Count, "question")} about {NumberText.Count(dataset.Groups, "image")}\n"
            + string.Concat(kinds.Select(kind => Kind(kind.Key, [.. kind], scorer)));
    }

    /// <summary>Questions whose own gold answer is not judged right: nothing that a model says could be.</summary>
    public static IReadOnlyList<Question> Unanswerable(Dataset dataset)
    {
        var scorer = AnswerScorer.For(dataset);
        return [.. dataset.Questions.Where(question => question.Answers.Count > 0 && !scorer.Score(question, GoldAnswer(question)).Correct)];
    }

    static string Kind(QuestionKind kind, Question[] questions, AnswerScorer scorer)
    {
        var gold = questions.GroupBy(GoldAnswer).OrderByDescending(same => same.Count()).ThenBy(same => same.Key, StringComparer.Ordinal).ToArray();
        var shown = string.Join(", ",
            gold.Take(Commonest).Select(same => $"{(same.Key.Length > 0 ? Line(same.Key, 30) : "none (judged elsewhere)")} {NumberText.Count(same.Count())}"));
        var more = gold.Length > Commonest ? $", … {NumberText.Count(gold.Length)} different" : "";
        var splits = string.Join(", ",
            questions.Where(question => question.Split is not null).GroupBy(question => question.Split)
                .Select(split => $"{split.Key} {NumberText.Count(split.Count())}"));
        return $"\n  {kind.Name()}: {NumberText.Count(questions.Length, "question")}; gold {shown}{more}{(splits.Length > 0 ? $"; split {splits}" : "")}\n"
            + $"  judged by: {Rule(kind)}\n"
            + string.Concat(Chosen(questions).Select(question => Example(question, questions, scorer)));
    }

    /// <summary>With different gold answers, where there are some.</summary>
    static IEnumerable<Question> Chosen(Question[] questions) =>
        questions.DistinctBy(GoldAnswer).Concat(questions).Distinct().Take(Examples).OrderBy(question => question.Row);

    static string Example(Question question, Question[] all, AnswerScorer scorer)
    {
        string[] tried = [GoldAnswer(question), all.Select(GoldAnswer).FirstOrDefault(other => other != GoldAnswer(question)) ?? "yes", "I cannot tell."];
        var became = string.Join(", ",
            tried.Where(answer => answer.Length > 0)
                .Select(answer => $"\"{Line(answer, 30)}\" {scorer.Score(question, answer).Status.ToString().ToLowerInvariant()}"));
        return $"    {question.Id}  {question.Image}  \"{Line(question.Text, Width)}\"\n      {became}\n";
    }

    static string GoldAnswer(Question question) => question.Kind == QuestionKind.Open ? string.Join(", ", question.Answers)
        : question.Answers.FirstOrDefault() ?? "";

    static string Rule(QuestionKind kind) => kind switch
    {
        QuestionKind.YesNo => "the first word, yes or no",
        QuestionKind.Count => "one whole number, in digits or words",
        QuestionKind.Spatial => "left or right, top or bottom, or yes and no, whichever the gold answer is",
        QuestionKind.Identify => "the first sentence ends in an accepted name, an alias or its plural",
        QuestionKind.Choice => "the option's letter, or its text and nothing else",
        _ => "every object of the gold answer is named and none of the absent ones; without gold answers by judgements made elsewhere",
    };

    static string Line(string text, int width) => TerminalText.Line(text, width);
}
