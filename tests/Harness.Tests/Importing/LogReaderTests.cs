using System.IO.Compression;
using Vrp.Harness.Datasets;
using Vrp.Harness.Importing;
using Vrp.Models;

namespace Vrp.Harness.Tests.Importing;

public sealed class LogReaderTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_LmmsEval_HasTaskModelQuestionsAndTheFirstFilteredAnswer()
    {
        var models = Directory.CreateDirectory(folder.At("llava-v1.5-7b")).FullName;
        var rows = new MadeUpLog { Epochs = 3 }.Rows();
        var log = LogReader.Read(LogFormat.LmmsEval, new MadeUpLog { Epochs = 3 }.LmmsEval(models));
        (log.Model, log.Data, log.Answers.Count).Should().Be(("llava-v1.5-7b", "pope", rows.Count));
        foreach (var (answer, row) in log.Answers.Zip(rows))
        {
            (answer.Id, answer.Question, answer.Image).Should().Be(($"{row.Id}", row.Question, row.Image[..^4]));
            answer.Gold.Should().Equal(row.Gold);
            answer.Answer.ToLowerInvariant().Should().Be(row.Answers[0]);
            answer.Samples.Select(text => text.ToLowerInvariant()).Should().Equal(row.Answers);
            answer.Correct.Should().Be(row.Answers[0] == row.Gold);
        }
    }

    [Fact]
    public void Read_LmmsEvalLikelihoods_ChooseTheLikeliestOptionWithItsShare()
    {
        var file = folder.Write("samples_mmbench.jsonl",
            """{"doc_id": 0, "doc": {"question": "What?", "A": "cat", "B": "dog", "C": "car"}, "target": "B", """
            + """ "filtered_resps": [[-3.0, false], [-1.0, true], [-3.0, false]], "resps": [], "acc": 1.0}""");
        var answer = LogReader.Read(LogFormat.LmmsEval, file).Answers.Single();
        answer.Options.Should().Equal("cat", "dog", "car");
        answer.Answer.Should().Be("B");
        answer.Confidence.Should().BeApproximately(1 / (1 + 2 * Math.Exp(-2)), 1e-12);
        answer.Samples.Should().BeEmpty();
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("-0.1")]
    [InlineData("sure")]
    public void Read_ConfidenceThatIsNoProbability_IsRefused(string confidence)
    {
        var file = folder.Write("X_Y.tsv", $"index\tquestion\tanswer\tprediction\tconfidence\n1\tIs it?\tyes\tYes\t{confidence}\n");
        FluentActions.Invoking(() => LogReader.Read(LogFormat.VlmEvalKit, file)).Should().Throw<DatasetException>()
            .WithMessage("*'confidence' must be a number from 0 to 1*");
    }

    [Fact]
    public void Read_LikelihoodsThatAreNoNumbers_AreRefused()
    {
        var file = folder.Write("samples_x.jsonl",
            """{"doc_id": 0, "doc": {"question": "What?", "A": "cat", "B": "dog"}, "target": "B", "filtered_resps": [[1e999, false], [-1.0, true]]}""");
        FluentActions.Invoking(() => LogReader.Read(LogFormat.LmmsEval, file)).Should().Throw<DatasetException>().WithMessage("*finite log-likelihoods*");
    }

    [Theory]
    [InlineData("\"logprob\":-0.", "\"logprob\":7", "finite and at most 0")]
    [InlineData("\"logprob\":-0.", "\"logprob\":-1e999,\"x\":", "finite and at most 0")]
    [InlineData("\"epoch\":2", "\"epoch\":1", "epoch 1 of a sample twice")]
    [InlineData("\"epoch\":2", "\"epoch\":1.5", "not as Inspect writes it")]
    [InlineData("thing1 in", "thing7 in", "asks something else in another epoch")]
    public void Read_InspectLogThatContradictsItself_IsRefused(string written, string instead, string said)
    {
        var file = new MadeUpLog { Pictures = 1, PerPicture = 2, Epochs = 2 }.Inspect(folder.Path, "pope.json");
        var text = File.ReadAllText(file);
        var at = text.LastIndexOf(written, StringComparison.Ordinal);
        at.Should().BePositive();
        File.WriteAllText(file, text[..at] + instead + text[(at + written.Length)..]);
        FluentActions.Invoking(() => LogReader.Read(LogFormat.Inspect, file)).Should().Throw<DatasetException>().WithMessage($"*{said}*");
    }

    [Theory]
    [InlineData("r=\"99999999999\"", "none, or occurs twice")]
    [InlineData("r=\"2\"><c r=\"A2\"/><c r=\"A2\"/></row><row", "none, or occurs twice")]
    public void Read_WorkbookWithPlacesThatAreNone_IsRefusedInItsOwnWords(string row, string said)
    {
        using (var zip = ZipFile.Open(folder.At("A_B.xlsx"), ZipArchiveMode.Create))
        using (var writer = new StreamWriter(zip.CreateEntry("xl/worksheets/sheet1.xml").Open()))
            writer.Write("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>"
                + $"<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>index</t></is></c></row><row {row}></row></sheetData></worksheet>");
        FluentActions.Invoking(() => LogReader.Read(LogFormat.VlmEvalKit, folder.At("A_B.xlsx"))).Should().Throw<DatasetException>().WithMessage($"*{said}*");
    }

    [Fact]
    public void Read_VlmEvalKitTable_TakesModelAndDataFromTheName()
    {
        var log = LogReader.Read(LogFormat.VlmEvalKit, new MadeUpLog().VlmEvalKit(folder.Path));
        (log.Model, log.Data, log.Answers.Count).Should().Be(("ModelX", "POPE", 300));
        log.Answers[0].Should().Match<ImportedAnswer>(answer => answer.Id == "0" && answer.Image == "picture_000.jpg" && answer.Confidence > 0.5);
    }

    [Fact]
    public void Read_VlmEvalKitWorkbook_IsTheSameAsItsTable()
    {
        const string space = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
        using (var zip = ZipFile.Open(folder.At("GPT4o_MMBench_DEV_EN.xlsx"), ZipArchiveMode.Create))
        {
            void Put(string name, string xml)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{xml}");
            }

            Put("xl/sharedStrings.xml",
                $"<sst {space}><si><t>index</t></si><si><t>question</t></si><si><t>A</t></si><si><t>B</t></si><si><t>answer</t></si>"
                + "<si><t>prediction</t></si><si><t>What?</t></si><si><r><t>the </t></r><r><t>dog</t></r></si></sst>");
            Put("xl/worksheets/sheet1.xml", $"""
                <worksheet {space}><sheetData>
                <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c>
                <c r="E1" t="s"><v>4</v></c><c r="F1" t="s"><v>5</v></c></row>
                <row r="2"><c r="A2"><v>241</v></c><c r="B2" t="s"><v>6</v></c><c r="C2" t="inlineStr"><is><t>cat</t></is></c><c r="D2" t="s"><v>7</v></c>
                <c r="E2" t="str"><v>B</v></c></row>
                </sheetData></worksheet>
                """);
        }

        var log = LogReader.Read(LogFormat.VlmEvalKit, folder.At("GPT4o_MMBench_DEV_EN.xlsx"));
        (log.Model, log.Data).Should().Be(("GPT4o", "MMBench_DEV_EN"));
        log.Answers.Single().Should()
            .BeEquivalentTo(new ImportedAnswer { Id = "241", Row = 2, Question = "What?", Options = ["cat", "the dog"], Gold = ["B"], Answer = "" });
        File.WriteAllBytes(folder.At("Broken_POPE.xlsx"), [1, 2, 3]);
        FluentActions.Invoking(() => LogReader.Read(LogFormat.VlmEvalKit, folder.At("Broken_POPE.xlsx"))).Should().Throw<DatasetException>()
            .WithMessage("*cannot be read as a workbook*PRED_FORMAT=tsv*");
    }

    [Theory]
    [InlineData("log.json")]
    [InlineData("log.eval")]
    public void Read_Inspect_HasEpochsAsSamplesAndTokenProbabilities(string name)
    {
        var made = new MadeUpLog { Pictures = 4, Epochs = 10 };
        var log = LogReader.Read(LogFormat.Inspect, made.Inspect(folder.Path, name));
        (log.Model, log.Data, log.Temperature, log.TopP, log.Answers.Count).Should().Be(("openai/model-x", "pope", 0.7, 0.9, 24));
        foreach (var (answer, row) in log.Answers.OrderBy(answer => int.Parse(answer.Id)).Zip(made.Rows()))
        {
            (answer.Question, answer.Image).Should().Be((row.Question, row.Image));
            answer.Samples.Select(text => text.ToLowerInvariant()).Should().Equal(row.Answers);
            answer.FirstToken.Should().HaveCount(2);
            answer.FirstToken[0].Probability.Should().BeApproximately(row.Probability, 1e-12).And.BeGreaterThan(answer.FirstToken[1].Probability - 1e-12);
            answer.LogProbabilities.Should().HaveCount(2);
        }
    }

    [Fact]
    public void Read_InspectSampleWithAnError_IsLeftOutByName()
    {
        var file = folder.Write("log.json", """
            {"eval": {"task": "t", "model": "m"}, "samples": [
              {"id": 1, "epoch": 1, "input": "Is it?", "target": "yes", "output": {"choices": [{"message": {"content": "Yes"}}]}},
              {"id": 2, "epoch": 1, "input": "Is it not?", "target": "no", "output": {"choices": []}, "error": {"message": "time"}}]}
            """);
        var log = LogReader.Read(LogFormat.Inspect, file);
        log.Answers.Select(answer => answer.Id).Should().Equal("1");
        log.LeftOut.Should().Equal("sample 2: ended in an error");
    }

    [Theory]
    [InlineData(LogFormat.LmmsEval, """{"question": "?"}""", "*no log of lmms-eval's samples*--log_samples*")]
    [InlineData(LogFormat.VlmEvalKit, "a,b\n1,2", "*no table of VLMEvalKit's predictions*")]
    [InlineData(LogFormat.Inspect, "{}", "*no log of Inspect*")]
    [InlineData(LogFormat.Inspect, """{"eval": {"task": "t"}, "samples": []}""", "*holds no answers*")]
    [InlineData(LogFormat.VlmEvalKit, "index,question,answer,prediction\n1,a,yes,yes\n1,b,no,no", "*same id more than once*row 3: 1*")]
    public void Read_AnotherFile_SaysWhatWasExpected(LogFormat format, string text, string message)
    {
        var file = folder.Write("log", text);
        FluentActions.Invoking(() => LogReader.Read(format, file)).Should().Throw<DatasetException>().WithMessage(message);
    }

    [Fact]
    public void WithSamples_LogsOfTheSameQuestions_BecomeSampledAnswers()
    {
        var first = LogReader.Read(LogFormat.VlmEvalKit, new MadeUpLog().VlmEvalKit(folder.Path));
        var others = Enumerable.Range(2, 3)
            .Select(seed => (Path: $"{seed}",
                Log: LogReader.Read(LogFormat.VlmEvalKit, new MadeUpLog { Seed = seed }.VlmEvalKit(folder.Path, $"X_{seed}.tsv")))).ToArray();
        LogReader.WithSamples(first, others).Answers[7].Samples.Should().Equal(others.Select(other => other.Log.Answers[7].Answer));
        var fewer = LogReader.Read(LogFormat.VlmEvalKit, new MadeUpLog { Pictures = 2 }.VlmEvalKit(folder.Path, "few_POPE.tsv"));
        FluentActions.Invoking(() => LogReader.WithSamples(first, [("few", fewer)])).Should().Throw<VrpException>().WithMessage("few: question 12*not in it*");
    }
}
