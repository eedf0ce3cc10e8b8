namespace Vrp.Cli.Tests;

public class ViewCommandTests
{
    [Fact]
    public void Newest_OfAFolder_IsTheReportWrittenLast()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, age) in new[] { ("gate", 2), ("upgrade", 1), ("preview", 3) })
        {
            Directory.CreateDirectory(folder.At(name));
            folder.Write($"{name}/report.html", "<p>");
            File.SetLastWriteTimeUtc(folder.At($"{name}/report.html"), DateTime.UtcNow.AddHours(-age));
        }

        ViewCommand.Newest(folder.Path).Should().Be(folder.At("upgrade/report.html"));
        ViewCommand.Newest(folder.At("gate/report.html")).Should().Be(folder.At("gate/report.html"));
    }

    [Fact]
    public async Task View_NoReport_SaysWhatWritesOne()
    {
        using var folder = new TemporaryFolder();
        (await CommandRun.Of("view", folder.Path)).ShouldBeRefused("no report.html", "vrp gate");
        (await CommandRun.Of("view", folder.At("nowhere"))).ShouldBeRefused("no such file or folder");
    }

    [Fact]
    public void HasBrowser_AJobOrARemoteShell_HasNone()
    {
        ViewCommand.HasBrowser(name => name is "CI" or "DISPLAY" ? "1" : null).Should().BeFalse();
        if (OperatingSystem.IsLinux()) ViewCommand.HasBrowser(_ => null).Should().BeFalse();
        ViewCommand.HasBrowser(name => name == "DISPLAY" ? ":0" : null).Should().BeTrue();
    }
}
