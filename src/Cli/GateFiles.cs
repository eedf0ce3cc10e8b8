using Vrp.Harness.Reporting;

namespace Vrp.Cli;

/// <summary>What a gate leaves for people and for the job that ran it.</summary>
static class GateFiles
{
    public static void Write(string folder, Report report, TextWriter console)
    {
        Directory.CreateDirectory(folder);
        string At(string name) => Path.Combine(folder, name);
        JUnitReport.Write(At("junit.xml"), report);
        PullRequestComment.Write(At("comment.md"), report);
        MarkdownSummary.Write(At("summary.md"), report);
        if (report.Subjects.Count > 0)
        {
            HtmlReport.Write(At("report.html"), report);
            console.WriteLine($"report: {Path.GetFullPath(At("report.html"))}");
        }

        // On a GitHub runner the summary appears on the job's page, and the first failures as annotations.
        if (Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is { Length: > 0 } summary) File.AppendAllText(summary, MarkdownSummary.Render(report));
        if (Environment.GetEnvironmentVariable("GITHUB_ACTIONS") == "true")
            foreach (var line in Annotations.Lines(report)) console.WriteTrusted($"{line}\n");
    }
}
