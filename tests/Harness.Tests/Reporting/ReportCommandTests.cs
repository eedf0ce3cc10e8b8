using Vrp.Cli.Tests;

namespace Vrp.Harness.Tests.Reporting;

public class ReportCommandTests
{
    static string[] Folders => [.. SampleReports.Studies.Select(study => study.Folder)];

    [Fact]
    public async Task Report_Folders_WritesTheSameFilesEachTime()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["report", .. Folders, "--images", Fixtures.At("world", "images"), "--out", folder.At("report.html"), "--markdown",
            folder.At("summary.md"), "--comment", folder.At("comment.md"), "--junit", folder.At("junit.xml"), "--title", "Three & more"];
        var run = await CommandRun.Of(arguments);
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Contain("3 subjects, 1,260 questions");
        var first = await File.ReadAllTextAsync(folder.At("report.html"));
        first.Should().Contain("<title>Three &amp; more</title>");
        (await File.ReadAllTextAsync(folder.At("comment.md"))).Should().StartWith("<!-- vrp-report -->");
        File.Exists(folder.At("summary.md")).Should().BeTrue();
        File.Exists(folder.At("junit.xml")).Should().BeTrue();

        (await CommandRun.Of(arguments)).Code.Should().Be(0);
        (await File.ReadAllTextAsync(folder.At("report.html"))).Should().Be(first);
    }

    [Fact]
    public async Task Report_ARunTwice_IsRefused() => (await CommandRun.Of("report", Folders[0], Folders[0] + "/", "--out", "/dev/null"))
        .ShouldBeRefused("given twice");

    [Fact]
    public async Task Report_RunsOfOneSubject_ShowTheNewestAndTheWayThere()
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.Of(["report", .. SampleReports.Runs(folder), "--out", folder.At("report.html"), "--markdown", folder.At("summary.md")]);
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Contain("1 subject and 3 earlier runs, 419 questions");
        var summary = await File.ReadAllTextAsync(folder.At("summary.md"));
        summary.Should().Contain("2026-04-01 00:00 UTC · commit 444444444444 with uncommitted changes")
            .And.Contain($"### {SampleReports.Studies[0].Subject} on synthetic: 4 runs");
        string[] rows = [.. summary.Split('\n').SkipWhile(line => !line.StartsWith("| run |", StringComparison.Ordinal)).Skip(2).Take(4)];
        rows[0].Should().StartWith("| old, date not recorded | not recorded | 420 |");
        rows[1].Should().StartWith("| 2026-02-01 00:00 UTC | 222222222222 | 420 |").And.Contain("settings").And.NotContain("lost");
        rows[3].Should().Contain("**other questions**").And.Contain("answers lost").And.Contain("`fusion` was").And.Contain("`file.model.safetensors`");
        summary.Should().Contain("| `accuracy` |").And.Contain("| `probe_auroc` |");
    }

    [Fact]
    public async Task Report_NoSuchImages_IsRefused() =>
        (await CommandRun.Of("report", Folders[0], "--images", "/nowhere", "--out", "/dev/null")).ShouldBeRefused("--images /nowhere");

    [Fact]
    public async Task Report_NoRunFolder_IsRefused()
    {
        using var folder = new TemporaryFolder();
        (await CommandRun.Of("report", folder.Path, "--out", folder.At("report.html"))).ShouldBeRefused("metrics.json", "vrp analyze");
        File.Exists(folder.At("report.html")).Should().BeFalse();
    }
}
