using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Vrp.Harness.Claims;
using Vrp.Harness.Reporting;
using Vrp.Harness.Running;
using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary><c>vrp report</c>: a page to look at, from run folders alone. Writes the same bytes however often it runs.</summary>
static class ReportCommand
{
    public static Command Build()
    {
        var folders = new Argument<string[]>("DIR") { Description = "Run folders of finished studies, in the order in which they are to be shown. Of several "
            + "runs of one subject the newest is shown in full, and the gate's metrics over all of them.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "The page, one HTML file that needs no network.", Required = true };
        var images = new Option<string?>("--images") { Description = "Folder of the images; without it the report has none, and says so." };
        var markdown = new Option<string?>("--markdown") { Description = "Also write a Markdown summary (for GITHUB_STEP_SUMMARY, at most 1 MiB) to this "
            + "file." };
        var comment = new Option<string?>("--comment") { Description = "Also write a pull request comment (at most 60,000 characters) to this file." };
        var junit = new Option<string?>("--junit") { Description = "Also write JUnit XML to this file." };
        var title = new Option<string>("--title") { Description = "Heading.", DefaultValueFactory = _ => "VLM reliability report" };
        var command = new VrpCommand("report",
            "Write a report on one or several studies: verdicts, charts, attention maps, a sample browser, in one HTML file.",
            "vrp report runs/llava --images fixtures/world/images --out report.html",
            "vrp report runs/* --images fixtures/world/images --out report.html --markdown summary.md --title \"Three fixture models\"",
            "vrp report runs/llava-may runs/llava-june runs/llava-july --out history.html");
        command.AddAll(folders, output, images, markdown, comment, junit, title);
        command.SetAction(r =>
        {
            var clock = Stopwatch.StartNew();
            var runs = r.GetValue(folders)!;
            var report = Read(runs, r.GetValue(images), r.GetValue(title)!, r.Tokens.Select(token => token.Value));
            var path = r.GetValue(output)!;
            HtmlReport.Write(path, report);
            if (r.GetValue(markdown) is { } summary) MarkdownSummary.Write(summary, report);
            if (r.GetValue(comment) is { } pull) PullRequestComment.Write(pull, report);
            if (r.GetValue(junit) is { } xml) JUnitReport.Write(xml, report);
            r.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{path}: {NumberText.Count(report.Subjects.Count, "subject")}{Earlier(report)}, "
                    + $"{report.Subjects.Sum(subject => subject.Study.Questions.Count):N0} questions, "
                    + $"{new FileInfo(path).Length / 1e6:0.0} MB in {clock.Elapsed.TotalSeconds:0.0} s"));
            return ExitCode.Success;
        });
        return command;
    }

    static string Earlier(Report report) => report.Histories.Count == 0 ? ""
        : $" and {NumberText.Count(report.Histories.Sum(history => history.Runs.Count - 1), "earlier run")}";

    static Report Read(string[] folders, string? images, string title, IEnumerable<string> arguments)
    {
        if (images is not null && !Directory.Exists(images))
            throw new VrpException($"--images {images}: no such folder. Give the folder that holds the data set's images, or leave it out.");
        var finder = images is null ? null : ReportImages.Finder(images);
        var (newest, histories) = RunHistory.Of([.. folders.Select(RunFolder.Read)]);
        return new Report(title, [.. newest.Select(study => new ReportSubject(study, finder))], newest.Count > 1 ? Comparison.Of(newest) : null)
        {
            Histories = histories, Origin = ReportOrigin.Stored([.. newest.Select(study => RunOrigin.Of(study.Folder))], arguments),
        };
    }
}
