using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Reporting;
using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Harness.Tests.Reporting;

public sealed class RunHistoryTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Of_RunsInAnyOrder_StandByDateAndThoseWithoutOneFirst()
    {
        var (newest, histories) = RunHistory.Of([.. SampleReports.Runs(folder).Append(SampleReports.Studies[1].Folder).Select(RunFolder.Read)]);

        newest.Select(study => Path.GetFileName(study.Folder)).Should().Equal("april", "paligemma");
        var history = histories.Should().ContainSingle().Subject;
        history.Subject.Should().Be(SampleReports.Studies[0].Subject);
        history.Runs.Select(run => run.Name).Should().Equal("old", "february", "march", "april");
        history.Runs.Select(run => run.Origin?.CommitText).Should().Equal(null, "222222222222", "333333333333", "444444444444 with uncommitted changes");
    }

    [Fact]
    public void Of_RunsThatDiffer_SayInWhat()
    {
        var runs = RunHistory.Of([.. SampleReports.Runs(folder).Select(RunFolder.Read)]).Histories[0].Runs;

        runs[0].Since.Should().BeNull();
        var same = runs[2].Since!;
        (same.OtherQuestions, same.Lost, same.Won).Should().Be((false, 0, 0));
        same.Verdicts.Should().BeEmpty();
        same.Settings.Should().BeEmpty();

        var (march, april) = (RunFolder.Read(folder.At("march")), RunFolder.Read(folder.At("april")));
        var before = march.Questions.ToDictionary(question => question.Id, question => question.IsCorrect);
        var since = runs[3].Since!;
        since.OtherQuestions.Should().BeTrue("one question is left out");
        since.Lost.Should().Be(april.Questions.Count(question => before[question.Id] && !question.IsCorrect)).And.BePositive();
        since.Won.Should().Be(april.Questions.Count(question => !before[question.Id] && question.IsCorrect)).And.BePositive();
        since.Verdicts.Should().Equal(("fusion", march["fusion"].Verdict, Verdict.NotRun));
        since.Settings.Should().Equal("file.model.safetensors");
    }

    [Fact]
    public void Of_Metrics_AreEachRunsOwnWithTheirIntervals()
    {
        var history = RunHistory.Of([.. SampleReports.Runs(folder).Select(RunFolder.Read)]).Histories[0];

        foreach (var run in history.Runs)
        {
            var judged = RunFolder.Read(folder.At(run.Name)).Questions.Where(question => question.IsJudged).ToArray();
            var accuracy = run["accuracy"]!;
            accuracy.Value.Should().BeApproximately(judged.Average(question => question.IsCorrect ? 1.0 : 0), 1e-12);
            (accuracy.N, accuracy.HasInterval).Should().Be((judged.Length, true));
            accuracy.Contains(accuracy.Value).Should().BeTrue();
        }

        history.Metrics.Select(metric => metric.Name).Should().Contain("accuracy").And.Contain("probe_auroc").And.Contain("brier")
            .And.NotContain("accuracy_spatial", "no run has such questions");
        history.Runs[2]["brier"].Should().Be(history.Runs[1]["brier"], "the runs are the same");
    }

    [Fact]
    public void Of_AFolderTwice_IsRefused() => ((Action)(() => RunHistory.Of([SampleReports.Studies[0], SampleReports.Studies[0]]))).Should()
        .Throw<VrpException>().WithMessage("*is given twice*");

    [Fact]
    public void ToJson_ARunWithoutDateAndCommit_HasNoneMadeUp()
    {
        var history = RunHistory.Of([.. SampleReports.Runs(folder).Select(RunFolder.Read)]).Histories[0].ToJson();

        var old = (JsonObject)history["runs"]![0]!;
        (old["date"], old["commit"], old["page"]).Should().Be((null, null, null));
        ((string)history["runs"]![3]!["page"]!).Should().Be("https://git.example/some/where/actions/runs/7");
        history["metrics"]!.AsArray().Should().OnlyContain(metric => metric!["values"]!.AsArray().Count == 4);
    }
}
