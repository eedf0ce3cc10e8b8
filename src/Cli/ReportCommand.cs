using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Vrp.Harness.Claims;
using Vrp.Harness.Reporting;
using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary><c>vrp report</c>: a page to look at, from run folders alone. Writes the same bytes however often it runs.</summary>
static class ReportCommand
{
    public static Command Build()
    {
        var folders = new Argument<string[]>("DIR") { Description = "Run folders of finished studies, in the order in which they are to be shown.",
            Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "The page, one HTML file that needs no network.", Required = true };
        var images = new Option<string?>("--images") { Description = "Folder of the pictures; without it the report has none, and says so." };
        var markdown = new Option<string?>("--markdown") { Description = "Also write a Markdown summary (for GITHUB_STEP_SUMMARY, at most 1 MiB) to this "
            + "file." };
        var comment = new Option<string?>("--comment") { Description = "Also write a pull request comment (at most 60,000 characters) to this file." };
        var junit = new Option<string?>("--junit") { Description = "Also write JUnit XML to this file." };
        var title = new Option<string>("--title") { Description = "Heading.", DefaultValueFactory = _ => "VLM reliability report" };
        var command = new VrpCommand("report",
            "Write a report on one or several studies: verdicts, charts, attention maps, a sample browser, in one HTML file.",
            "vrp report runs/llava --images fixtures/world/images --out report.html",
            "vrp report runs/* --images fixtures/world/images --out report.html --markdown summary.md --title \"Three fixture models\"");
        command.AddAll(folders, output, images, markdown, comment, junit, title);
        command.SetAction(r =>
        {
            var clock = Stopwatch.StartNew();
            var runs = r.GetValue(folders)!;
            var report = Read(runs, r.GetValue(images), r.GetValue(title)!) with
            {
                Origin = ReportOrigin.Stored(runs.Select(run => Path.Combine(run, RunFolder.Verdicts)), r.Tokens.Select(token => token.Value)),
            };
            var path = r.GetValue(output)!;
            HtmlReport.Write(path, report);
            if (r.GetValue(markdown) is { } summary) MarkdownSummary.Write(summary, report);
            if (r.GetValue(comment) is { } pull) PullRequestComment.Write(pull, report);
            if (r.GetValue(junit) is { } xml) JUnitReport.Write(xml, report);
            r.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{path}: {report.Subjects.Count} subjects, {report.Subjects.Sum(subject => subject.Study.Questions.Count):N0} questions, "
                    + $"{new FileInfo(path).Length / 1e6:0.0} MB in {clock.Elapsed.TotalSeconds:0.0} s"));
            return ExitCode.Success;
        });
        return command;
    }

    static Report Read(string[] folders, string? images, string title)
    {
        if (images is not null && !Directory.Exists(images))
            throw new VrpException($"--images {images}: no such folder. Give the folder that holds the data set's pictures, or leave it out.");
        var finder = images is null ? null : ReportImages.Finder(images);
        var studies = folders.Select(RunFolder.Read).ToArray();
        if (studies.GroupBy(study => (study.Subject, study.Data)).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new VrpException($"{string.Join(" and ", twice.Select(study => study.Folder))} both hold {twice.Key.Subject} on {twice.Key.Data}. Give each "
                + "subject once; a candidate is held against a baseline by `vrp gate`.");
        return new Report(title, [.. studies.Select(study => new ReportSubject(study, finder))], studies.Length > 1 ? Comparison.Of(studies) : null);
    }
}
