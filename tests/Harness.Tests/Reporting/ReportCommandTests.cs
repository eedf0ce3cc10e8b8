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
    public async Task Report_SameSubjectTwice_IsRefused() => (await CommandRun.Of("report", Folders[0], Folders[0], "--out", "/dev/null"))
        .ShouldBeRefused("both hold", "vrp gate");

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
