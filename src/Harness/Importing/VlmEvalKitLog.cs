using System.Globalization;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Readers;

namespace Vrp.Harness.Importing;

/// <summary>VLMEvalKit's predictions: a table <c>MODEL_DATASET</c> (.xlsx, .tsv, .csv, .json) with <c>index, question, answer, prediction</c>, the options as
/// columns A, B, C …, and after its evaluation <c>hit</c> or <c>score</c>. A column <c>confidence</c> (0 to 1) is taken where somebody added one.</summary>
static class VlmEvalKitLog
{
    public static ImportedLog Read(string path)
    {
        var rows = Path.GetExtension(path).Equals(".xlsx", StringComparison.OrdinalIgnoreCase) ? Workbook.Rows(path) : JsonRow.ReadFile(path);
        var name = Path.GetFileNameWithoutExtension(path);
        var cut = name.IndexOf('_');
        return new ImportedLog(cut > 0 ? name[..cut] : name, cut > 0 ? name[(cut + 1)..] : name, [.. rows.Select(Answer)]);
    }

    static ImportedAnswer Answer(JsonRow row)
    {
        if (!row.Json.EnumerateObject().Any(field => field.Name is "prediction" or "index"))
            throw new DatasetException(row.Source, "is no table of VLMEvalKit's predictions: expected index, question, answer, prediction.",
                [(row.Number, LmmsEvalLog.Fields(row))]);
        return new ImportedAnswer
        {
            Id = row.Key("index"), Row = row.Number, Image = LogReader.Image(row), Question = Cell(row, "question") ?? throw row.Wrong("question", "a text"),
                Options = LogReader.Options(row),
            Gold = Cell(row, "answer") is { } gold ? [gold] : [],
            // An empty cell is an empty answer.
            Answer = Cell(row, "prediction") ?? "",
            Correct = Share(row, "hit") is { } hit ? hit >= 0.5 : Number(row, "score") is { } score and >= 0 and <= 1 ? score >= 0.5 : null,
            Confidence = Share(row, "confidence"),
        };
    }

    static string? Cell(JsonRow row, string column) => row.Has(column) && row.Json.GetProperty(column).ToString().Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A number from 0 to 1, true or false; an empty cell is none.</summary>
    static double? Share(JsonRow row, string column) => Cell(row, column) is null ? null
        : Number(row, column) is { } share and >= 0 and <= 1 ? share : throw row.Wrong(column, "a number from 0 to 1");

    static double? Number(JsonRow row, string column) => Cell(row, column) switch
    {
        null => null,
        "True" or "true" => 1,
        "False" or "false" => 0,
        var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
    };
}
