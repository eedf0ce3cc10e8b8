using FluentAssertions;
using Vrp.Cli.Tests;
using Vrp.Examples.Monitor;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Monitoring;
using Vrp.Harness.Studies;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Xunit;

namespace Vrp.Harness.Tests.Monitoring;

/// <summary>From trace to answer with a shipped checkpoint: what the example prints is what the study scored.</summary>
public class MonitorExampleTests
{
    /// <summary>Pictures traced; 66 have some 400 yes/no questions, enough wrong answers for a probe.</summary>
    const int Images = 66;

    [Fact]
    public async Task Ask_QuestionsOfTheScoredHalf_GivesTheStudysAnswersAndScores()
    {
        using var folder = new TemporaryFolder();
        var (run, file) = (Path.Combine(folder.Path, "run"), Path.Combine(folder.Path, "monitor.json"));
        var data = Fixtures.At("world", "pope_adversarial.jsonl");
        var dataset = DatasetReader.Open(data, new DatasetOptions { Limit = Images });
        var opened = Checkpoint.Open(Fixtures.At("checkpoints", "llava"));
        using var model = VisionLanguageModel.Load(opened);
        TraceStage.Run(model, opened, dataset, run, new TraceOptions { Samples = 0, WideStates = true });
        var trace = TraceReader.Open(run, dataset);
        RunFolder.Write(run, Study.Analyze(trace, null, new StudyOptions { Draws = 200, Permutations = 1 }, only: ["hidden-state-probe"]));

        var exported = await CommandRun.Of("export", "monitor", run, "--data", data, "--limit", Images.ToString(), "--out", file);

        exported.Code.Should().Be(0, exported.Error);
        exported.Output.Should().Contain("AUROC").And.Contain("surest 80 %");
        var monitor = MonitorScorer.Load(file, coverage: 0.9);
        monitor.File.Hashes.Keys.Should().Equal("metrics.json", "samples.jsonl", "trace");
        var monitored = new MonitoredModel(model, monitor);
        var held = RunFolder.Read(run).Questions.Where(question => question.Scores.ContainsKey("probe")).Take(12).ToArray();
        held.Should().HaveCount(12);
        foreach (var question in held)
        {
            var (answer, reading) = monitored.Ask(question.Question, dataset.Questions.Single(own => own.Id == question.Id).ImagePath);
            answer.Should().Be(question.Answer);
            // One question at a time instead of 48: other sums of float32 in another order, about 1e-5 of a state, through weights that add up to tens.
            reading.Score.Should().BeApproximately(question.Scores["probe"], 0.01 * Math.Max(1, Math.Abs(question.Scores["probe"])), question.Id);
        }

        var other = await CommandRun.Of("export", "monitor", run, "--data", data, "--limit", Images.ToString(), "--seed", "9", "--out", file);
        other.ShouldBeRefused("another seed");
    }

    [Fact]
    public void Page_Code_IsTheExamplesVerbatim()
    {
        var root = Path.Combine(Fixtures.At(), "..");
        var page = File.ReadAllText(Path.Combine(root, "docs", "monitor.md"));
        foreach (var file in new[] { "MonitoredModel.cs", "Program.cs" })
            page.Should().Contain($"```csharp\n{File.ReadAllText(Path.Combine(root, "examples", "Monitor", file))}```");
    }
}
