using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Datasets.Readers;

/// <summary>The project's own rows: <c>id, image, question, kind, answers</c> and, where needed, <c>group, absent, split</c>.</summary>
sealed class QuestionReader : RowReader
{
    protected override Question Read(string name, JsonRow row, ImageFolder images)
    {
        if (!QuestionKinds.TryParse(row.Text("kind"), out var kind)) throw row.Wrong("kind", "one of " + string.Join(", ", QuestionKinds.Names));
        string image = row.Text("image");
        var answers = row.Texts("answers");
        if (!AnswerScorer.CanJudge(kind, answers)) throw row.Wrong("answers", Expected(kind));
        return new Question(row.Key("id"), image, images.Locate(image, row.Number), row.Text("question"), kind, answers, row.TextOrNull("group") ?? image)
        {
            Absent = row.Texts("absent"),
            Split = row.TextOrNull("split"),
            Row = row.Number,
        };
    }

    static string Expected(QuestionKind kind) => kind switch
    {
        QuestionKind.YesNo => "[\"yes\"] or [\"no\"]",
        QuestionKind.Count => "one whole number in digits or words, as a list: [\"2\"] or [\"two\"]",
        QuestionKind.Spatial => "one of left, right, top, bottom, yes, no, as a list: [\"left\"]",
        QuestionKind.Identify => "a list of accepted names, the usual one first",
        _ => "a list of the objects to be named",
    };
}
