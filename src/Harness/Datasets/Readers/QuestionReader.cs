using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Datasets.Readers;

/// <summary>The project's own rows: <c>id, image, question, kind, answers</c> and, where needed, <c>options, group, absent, split</c>.</summary>
sealed class QuestionReader : RowReader
{
    public override string Name => "the project's own fields";

    protected override Question Read(string name, JsonRow row, ImageFolder images)
    {
        if (!QuestionKinds.TryParse(row.Text("kind"), out var kind)) throw row.Wrong("kind", "one of " + string.Join(", ", QuestionKinds.Names));
        var image = row.Text("image");
        var text = row.Text("question");
        var (answers, options) = (row.Texts("answers"), kind == QuestionKind.Choice ? Options(row) : []);
        if (kind == QuestionKind.Choice)
        {
            answers = [.. answers.Select(answer => ChoiceAnswer.Parse(answer, options) ?? "")];
            text = ChoiceAnswer.Ask(text, options);
        }
        if (!AnswerScorer.CanJudge(kind, answers)) throw row.Wrong("answers", Expected(kind));
        return new Question(row.Key("id"), image, images.Locate(image, row.Number), text, kind, answers, row.TextOrNull("group") ?? image)
        {
            Options = options,
            Absent = row.Texts("absent"),
            Split = row.TextOrNull("split"),
            Row = row.Number,
        };
    }

    /// <summary>The list <c>options</c>, or the columns A, B, C … that tables have.</summary>
    static IReadOnlyList<string> Options(JsonRow row)
    {
        var options = row.Texts("options");
        if (options.Count == 0) options = [.. ChoiceAnswer.Letters.TakeWhile(row.Has).Select(row.Text)];
        return options.Count < 2 || options.Count > ChoiceAnswer.Letters.Count || options.Any(string.IsNullOrWhiteSpace)
            ? throw row.Wrong("options", $"a list of two options or more, at most to {ChoiceAnswer.LastLetter}: [\"red\", \"blue\"]") : options;
    }

    static string Expected(QuestionKind kind) => kind switch
    {
        QuestionKind.YesNo => "[\"yes\"] or [\"no\"]",
        QuestionKind.Count => "one whole number in digits or words, as a list: [\"2\"] or [\"two\"]",
        QuestionKind.Spatial => "one of left, right, top, bottom, yes, no, as a list: [\"left\"]",
        QuestionKind.Identify => "a list of accepted names, the usual one first, each with a word besides articles (a letter of options is kind choice)",
        QuestionKind.Choice => "the right option's letter or text, as a list: [\"B\"]",
        _ => "a list of the objects to be named",
    };
}
