using System.Text.Json;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Storage;

namespace Vrp.Harness.Exporting;

/// <summary>A column of a table; a cell is null where its row has nothing.</summary>
/// <param name="Name">In snake case.</param>
/// <param name="What">What it holds, with its unit.</param>
/// <param name="Type">string, double, long or bool.</param>
/// <param name="Cells">One per row.</param>
public sealed record ExportColumn(string Name, string What, Type Type, IReadOnlyList<object?> Cells);

/// <summary>A table of a run.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Columns">In the order of the file.</param>
public sealed record ExportTable(string Name, IReadOnlyList<ExportColumn> Columns);

/// <summary>A run as flat tables for data frames: a row a question, a row a figure, a row a claim. Every table names subject and data set in every row, so that
/// tables of several runs are put below one another. docs/exporting.md prints the columns, and a test holds the two together.</summary>
public static class RunTables
{
    /// <summary>Signals that a run of this program may have, each a column whether or not this run has it; what else a run holds follows.</summary>
    static readonly (string Name, string What)[] signals =
    [
        ("first_token_probability", "largest probability of a first token"), ("first_token_margin", "largest minus second largest"),
            ("first_token_entropy", "−H of the first token, nats"),
        ("p_tok", "mean log-probability of the answer's tokens with the end token, nats"), ("p_tok_without_end", "the same without it"),
        ("self_consistency", "S_SC: share of the commonest of the sampled answers"),
            ("self_consistency_closed_form", "its expectation in closed form, of answers of one token"),
        ("probe", "the hidden-state probe's log-odds of a right answer, of held-out questions"), ("fusion", "the same of all signals together"),
        ("attention_entropy", "H_s, nats"), ("k_dbscan", "C_k by DBSCAN"), ("k_components", "C_k by connected components"),
            ("image_mass", "attention's share on the image"),
        ("confidence", "a confidence that an imported log states"),
    ];

    static readonly (string Name, string What)[] excess = [("all", "accuracy lost to the probe's top units beyond random ones, all positions"),
        ("last", "the same at the last position")];

    /// <summary>samples, metrics, verdicts.</summary>
    public static IReadOnlyList<ExportTable> Of(StudyResult study) => [Samples(study), Metrics(study), Verdicts(study)];

    static ExportTable Samples(StudyResult study)
    {
        var rows = study.Questions;
        ExportColumn Column(string name, string what, Type type, Func<QuestionResult, object?> of) => new(name, what, type, [.. rows.Select(of)]);
        ExportColumn Score(string name, string what) =>
            Column($"score_{name}", what, typeof(double), row => row.Scores.TryGetValue(name, out var value) ? value : null);
        var others = rows.SelectMany(row => row.Scores.Keys).Distinct().Except(signals.Select(signal => signal.Name)).Order(StringComparer.Ordinal);
        return new ExportTable("samples",
        [
            .. Run<QuestionResult>(study, rows),
            Column("id", "the question's", typeof(string), row => row.Id),
            Column("image", "the image's name", typeof(string), row => row.Image),
            Column("group", "what makes questions dependent, mostly the image: resample it as a whole", typeof(string), row => row.Group),
            Column("kind", "yes-no, count, spatial, identify, open or choice", typeof(string), row => row.Kind),
            Column("question", "as the model was asked", typeof(string), row => row.Question),
            Column("gold", "accepted answers, a JSON list of texts", typeof(string), row => List(row.Gold)),
            Column("answer", "the greedy answer", typeof(string), row => row.Answer),
            Column("label", "correct, wrong, unparsed (counts as wrong) or unjudged (in no figure)", typeof(string), row => row.Label.Name()),
            Column("correct", "whether it is right; nothing where it is unjudged", typeof(bool), row => row.IsJudged ? row.IsCorrect : null),
            Column("samples", "the sampled answers, a JSON list of texts", typeof(string), row => List(row.SampledAnswers)),
            Column("split", "fit or score: the side of the study's split", typeof(string), row => row.Split),
            Column("grid_height", "rows of image tokens", typeof(long), row => (long)row.Grid.Height),
            Column("grid_width", "columns of image tokens", typeof(long), row => (long)row.Grid.Width),
            .. signals.Select(signal => Score(signal.Name, signal.What)),
            .. excess.Select(positions =>
                Column($"excess_{positions.Name}", positions.What, typeof(double), row => row.Excess.TryGetValue(positions.Name, out var value) ? value
                    : null)),
            .. others.Select(name => Score(name, "another signal of this run")),
        ]);
    }

    static ExportTable Metrics(StudyResult study)
    {
        var rows = study.Estimates;
        ExportColumn Column(string name, string what, Type type, Func<StudyEstimate, object?> of) => new(name, what, type, [.. rows.Select(of)]);
        return new ExportTable("metrics",
        [
            .. Run<StudyEstimate>(study, rows),
            Column("claim", "the claim that the figure belongs to", typeof(string), row => row.Claim),
            Column("measure", "what was measured", typeof(string), row => row.Measure),
            Column("kind", "question kind, all, or within-kind (compared within kinds, pooled over them)", typeof(string), row => row.Kind),
            Column("layer", "decoder layer from 0; nothing where none or all are meant", typeof(long), row => (long?)row.Layer),
            Column("arm", "intervention, probe variant or method", typeof(string), row => row.Arm),
            Column("value", "the estimate", typeof(double), row => row.Value),
            Column("low", "lower end of its interval; nothing for a point without one", typeof(double), row => row.Low),
            Column("high", "upper end", typeof(double), row => row.High),
            Column("level", "coverage of the interval", typeof(double), row => row.Level),
            Column("n", "rows", typeof(long), row => (long)row.N),
            Column("groups", "images among them", typeof(long), row => (long)row.Groups),
            Column("method", "estimator and interval", typeof(string), row => row.Method),
            Column("seed", "of its draws, in digits", typeof(string), row => row.Seed?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ]);
    }

    static ExportTable Verdicts(StudyResult study)
    {
        var rows = study.Verdicts;
        ExportColumn Column(string name, string what, Func<ClaimResult, object?> of) => new(name, what, typeof(string), [.. rows.Select(of)]);
        return new ExportTable("verdicts",
        [
            .. Run<ClaimResult>(study, rows),
            Column("claim", "its id", row => row.Claim),
            Column("verdict", "Supported, Refuted, Inconclusive or NotRun", row => row.Verdict.ToString()),
            Column("reason", "the intervals that decided, or what is missing", row => row.Reason),
            Column("would_settle", "what would decide an open one", row => row.WouldSettle),
            Column("judged", "the judged form, which decides", row => row.Judged),
            Column("published_form", "the published form", row => row.Published.Form),
            Column("published_outcome", "holds, fails or not asserted", row => row.Published.Word),
            Column("published_found", "what was found for it", row => row.Published.Found),
        ]);
    }

    static IEnumerable<ExportColumn> Run<T>(StudyResult study, IReadOnlyList<T> rows) =>
    [
        new("subject", "the model", typeof(string), [.. rows.Select(_ => (object)study.Subject)]),
        new("family", "its model_type", typeof(string), [.. rows.Select(_ => (object)study.Family)]),
        new("data", "the question set", typeof(string), [.. rows.Select(_ => (object)study.Data)]),
    ];

    static string List(IReadOnlyList<string> texts) => JsonSerializer.Serialize(texts, Json.Document);
}
