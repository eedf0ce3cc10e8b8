using Vrp.Harness.Reporting;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Cli;

/// <summary>What a gate leaves for people and for the job that ran it.</summary>
static class GateFiles
{
    /// <summary>Makes the folder and tries whether a file can be written there.</summary>
    /// <exception cref="VrpException">It cannot.</exception>
    public static void RequireWritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var _ = new FileStream(Path.Combine(folder, $".writable-{Environment.ProcessId}"), FileMode.Create, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new VrpException($"--out {folder}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>The same for one file, whose folder has to be there.</summary>
    /// <exception cref="VrpException">It cannot be written.</exception>
    public static void RequireFile(string path)
    {
        // Begun and not committed: nothing is left, and an older file stays.
        using var _ = AtomicFile.Open(path);
    }

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
