using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Parquet;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Datasets.Readers;
using Vrp.Harness.Exporting;
using Vrp.Harness.Tests.Gating;

namespace Vrp.Harness.Tests.Exporting;

public sealed class ExportTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly StudyResult study;

    public ExportTests()
    {
        var (made, _) = new MadeUpRun().Build();
        var rows = made.Questions.ToArray();
        rows[0] = rows[0] with { Answer = "yes, \"a\"\nb", SampledAnswers = ["yes", ""], Label = AnswerStatus.Unjudged, Split = null };
        study = MadeUpRun.With(made, ("logit-lens", Verdict.Refuted), ("fusion", Verdict.NotRun)) with
        {
            Questions = rows, Estimates = [new("fusion", "auroc", "yes-no", 3, null, new(0.1 + 0.2, 0.25, 0.4, 0.95, 12, 5, "method", ulong.MaxValue)),
                new("fusion", "peak", "all", null, "arm", Vrp.Harness.Statistics.Estimate.Point(2, 12, 5, "count"))],
        };
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Csv_OfARun_ReadsBackCellByCell()
    {
        foreach (var table in RunTables.Of(study))
        {
            var path = folder.At($"{table.Name}.csv");
            TableFiles.Put(path, TableFiles.Csv(table));
            var (rows, _) = RowFile.Read(path);
            rows.Should().HaveCount(table.Columns[0].Cells.Count);
            foreach (var column in table.Columns)
                rows.Select(row => row.TextOrNull(column.Name)).Should().Equal(column.Cells.Select(cell => cell switch
                {
                    null or "" => null,
                    bool yes => yes ? "true" : "false",
                    double number => number.ToString("R", CultureInfo.InvariantCulture),
                    _ => string.Create(CultureInfo.InvariantCulture, $"{cell}"),
                }), column.Name);
        }
        Encoding.UTF8.GetString(TableFiles.Csv(RunTables.Of(study)[0])).Should().NotContain("\r");
    }

    [Fact]
    public async Task Parquet_OfARun_HasTheSameCellsWithTheirTypes()
    {
        foreach (var table in RunTables.Of(study))
        {
            var bytes = await TableFiles.Parquet(table);
            (await TableFiles.Parquet(table)).Should().Equal(bytes, "the same run gives the same bytes");
            await using var reader = await ParquetReader.CreateAsync(new MemoryStream(bytes));
            using var group = reader.OpenRowGroupReader(0);
            var fields = reader.Schema.GetDataFields();
            fields.Select(field => field.Name).Should().Equal(table.Columns.Select(column => column.Name));
            foreach (var (field, column) in fields.Zip(table.Columns))
            {
                var n = column.Cells.Count;
                if (column.Type != typeof(string)) field.ClrType.Should().Be(column.Type);
                async Task<object?[]> Read<T>() where T : struct
                {
                    var cells = new T?[n];
                    await group.ReadAsync(field, cells.AsMemory());
                    return [.. cells.Select(cell => (object?)cell)];
                }

                object?[] read;
                if (column.Type == typeof(double)) read = await Read<double>();
                else if (column.Type == typeof(long)) read = await Read<long>();
                else if (column.Type == typeof(bool)) read = await Read<bool>();
                else
                {
                    var texts = new string?[n];
                    await group.ReadAsync(field, texts.AsMemory());
                    read = texts;
                }
                read.Should().Equal(column.Cells, column.Name);
            }
        }
    }

    [Fact]
    public void Page_OfTheColumns_IsWhatIsWritten()
    {
        var page = File.ReadAllText(Fixtures.At("..", "docs", "exporting.md"));
        foreach (var table in RunTables.Of(study))
        {
            var section = Regex.Match(page, $@"^### `{table.Name}`$(.*?)(?=^##|\z)", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
            Regex.Matches(section, @"^\| `(\w+)` \| (\w+) \| (.*) \|$", RegexOptions.Multiline)
                .Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value)).Should()
                .Equal(table.Columns.Select(column =>
                    (column.Name, column.Type.Name switch { "String" => "text", "Double" => "double", "Int64" => "int64", _ => "bool" }, column.What)),
                        table.Name);
        }
    }

    [Fact]
    public void Evaluation_OfARun_LiesWhereTheStoreLooksAndSaysWhatFailed()
    {
        var made = new DateTime(2026, 8, 1, 12, 0, 0, DateTimeKind.Utc);
        var expected = new Dictionary<string, Verdict> { ["logit-lens"] = Verdict.Supported };
        var files = new EvaluationStore("run/1", made).Write(folder.Path, study, expected, question => question is { IsJudged: true, IsCorrect: false });
        Directory.GetFiles(folder.Path, "*.json", SearchOption.AllDirectories).Should().HaveCount(files)
            .And.HaveCount(2 + study.Questions.Count(question => question is { IsJudged: true, IsCorrect: false }));

        JsonElement Read(string scenario, string iteration) => JsonDocument.Parse(File.ReadAllText(folder.At($"results/run_1/{scenario}/{iteration}.json")))
            .RootElement;
        var lens = Read("made-up.claims.logit-lens", "baseline");
        lens.EnumerateObject().Select(field => field.Name).Should()
            .Equal("scenarioName", "iterationName", "executionName", "creationTime", "messages", "modelResponse", "evaluationResult", "tags", "formatVersion");
        var verdict = lens.GetProperty("evaluationResult").GetProperty("metrics").GetProperty("Verdict");
        verdict.GetProperty("$type").GetString().Should().Be("string");
        verdict.GetProperty("value").GetString().Should().Be("Refuted");
        verdict.GetProperty("interpretation").GetRawText().Should().ContainAll("\"rating\": \"unacceptable\"", "\"failed\": true");
        Read("made-up.claims.fusion", "baseline").GetProperty("evaluationResult").GetProperty("metrics").GetProperty("Verdict").GetProperty("interpretation")
            .GetProperty("rating").GetString().Should().Be("inconclusive");
        var wrong = study.Questions.First(question => question is { IsJudged: true, IsCorrect: false });
        var asked = Read($"made-up.questions.{wrong.Kind}", $"baseline {wrong.Id}");
        asked.GetProperty("modelResponse").GetProperty("messages")[0].GetProperty("contents")[0].GetProperty("text").GetString().Should().Be(wrong.Answer);
        asked.GetProperty("evaluationResult").GetProperty("metrics").GetProperty("Correct").GetProperty("value").GetBoolean().Should().BeFalse();
    }
}
