namespace Vrp.Harness.Datasets.Readers;

/// <summary>Turns the rows of one file format into questions.</summary>
abstract class RowReader
{
    static readonly (string Name, string[] Fields)[] formats = [("POPE's fields", ["question_id", "image", "text", "label"]),
        ("the project's own", ["id", "image", "question", "kind", "answers"]), ("LLaVA-Bench's", ["question_id", "image", "text"])];

    /// <summary>Whose fields it reads, for a person.</summary>
    public abstract string Name { get; }

    /// <summary>The reader for the fields that a row has.</summary>
    public static RowReader For(JsonRow first) =>
        first.Has("label") && first.Has("text") ? new PopeReader()
        : first.Has("kind") && first.Has("question") ? new QuestionReader()
        : first.Has("text") && first.Has("question_id") ? new LlavaBenchReader()
        : throw new DatasetException(first.Source,
            $"no known format: it comes nearest to {Nearest(first)}. "
            + "Expected POPE's fields (question_id, image, text, label), the project's (id, image, question, kind, answers) "
            + "or LLaVA-Bench's (question_id, image, text); see docs/datasets.md.",
            [(first.Number, "has " + string.Join(", ", first.Json.EnumerateObject().Select(p => p.Name)))]);

    /// <summary>The format with most of its fields there, and what it lacks.</summary>
    static string Nearest(JsonRow row)
    {
        var (name, fields) = formats.MaxBy(format => format.Fields.Count(row.Has) - format.Fields.Count(field => !row.Has(field)));
        return $"{name} and lacks {string.Join(", ", fields.Where(field => !row.Has(field)))}";
    }

    /// <summary>All rows; a wrong row stops the reading with every wrong row listed.</summary>
    public IReadOnlyList<Question> Read(string name, IReadOnlyList<JsonRow> rows, ImageFolder images)
    {
        var questions = new List<Question>();
        var problems = new List<DatasetException>();
        foreach (var row in rows)
            try
            {
                questions.Add(Read(name, row, images));
            }
            catch (DatasetException problem)
            {
                problems.Add(problem);
            }
        if (problems.Count == 1) throw problems[0];
        return problems.Count == 0 ? questions
            : throw new DatasetException(rows[0].Source, $"{problems.Count} rows cannot be used.", [.. problems.Select(p => (p.Rows.Single(), Detail(p)))]);
    }

    protected abstract Question Read(string name, JsonRow row, ImageFolder images);

    /// <summary>The message without the file, which the joint message names once, on one line.</summary>
    static string Detail(DatasetException problem) =>
        problem.Message[(problem.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..].Replace("\n  ", " ", StringComparison.Ordinal);
}
