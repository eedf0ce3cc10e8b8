using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Vrp.Harness.Claims;

namespace Vrp.Harness.Reporting;

/// <summary>Where a report comes from, so that a reader can go back there. What is not known is absent.</summary>
/// <param name="When">When the verdicts were made.</param>
/// <param name="Command">What was typed.</param>
/// <param name="Commit">Commit of the repository in which it ran.</param>
/// <param name="Run">Page of the CI run.</param>
public sealed record ReportOrigin(DateTimeOffset? When = null, string? Command = null, string? Commit = null, Uri? Run = null)
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(5);

    /// <summary>Of the run that is going on in the current folder.</summary>
    /// <param name="arguments">The command line, after the program's name.</param>
    public static ReportOrigin Now(IEnumerable<string> arguments) =>
        new(DateTimeOffset.UtcNow, CommandLine(arguments), Head(), CiRun(Environment.GetEnvironmentVariable));

    /// <summary>Of stored runs: the newest file says when. The commit of today would not be the one that they were made from.</summary>
    internal static ReportOrigin Stored(IEnumerable<string> files, IEnumerable<string> arguments)
    {
        DateTime[] times = [.. files.Where(File.Exists).Select(File.GetLastWriteTimeUtc)];
        return new(times.Length == 0 ? null : times.Max(), CommandLine(arguments));
    }

    /// <summary>"2026-03-01 12:30 UTC".</summary>
    internal string? Date => When?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Paths of this machine say nothing to a reader elsewhere: those below the current folder become relative, others keep their last part.</summary>
    internal static string CommandLine(IEnumerable<string> arguments) => string.Join(' ', arguments.Prepend("vrp").Select(argument =>
    {
        var shown = !Path.IsPathRooted(argument) ? argument : Path.GetRelativePath(Environment.CurrentDirectory, argument) is var relative
            && !relative.StartsWith("..", StringComparison.Ordinal)
            ? relative : $"…/{Path.GetFileName(Path.TrimEndingDirectorySeparator(argument))}";
        return shown.Length == 0 || shown.Any(char.IsWhiteSpace) ? $"\"{shown}\"" : shown;
    }));

    /// <summary>The run's page, where GitHub's variables (or those of a server that sets them too) name one.</summary>
    internal static Uri? CiRun(Func<string, string?> variable) =>
        variable("GITHUB_SERVER_URL") is { Length: > 0 } server && variable("GITHUB_REPOSITORY") is { Length: > 0 } repository
            && variable("GITHUB_RUN_ID") is { Length: > 0 } run
            && Uri.TryCreate($"{server}/{repository}/actions/runs/{run}", UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? uri : null;

    static string? Head()
    {
        var commit = Git("rev-parse", "--short=12", "HEAD") ?? Environment.GetEnvironmentVariable("GITHUB_SHA");
        if (string.IsNullOrEmpty(commit)) return null;
        var changed = Git("status", "--porcelain", "--untracked-files=no");
        return string.IsNullOrEmpty(changed) ? commit : $"{commit} with uncommitted changes";
    }

    /// <summary>Null where there is no git, no repository, or no answer in time: a report is written all the same.</summary>
    static string? Git(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (said, complaints) = (git.StandardOutput.ReadToEndAsync(), git.StandardError.ReadToEndAsync());
            if (!git.WaitForExit(patience))
            {
                git.Kill();
                return null;
            }

            _ = complaints.Result;
            return git.ExitCode == 0 ? said.Result.Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}

/// <summary>The study whose claims are judged, as every report names it.</summary>
static class PublishedStudy
{
    public static readonly IReadOnlyList<(string Title, string Number, string Address)> Papers =
    [
        ("Where Reliability Lives in Vision-Language Models", "arXiv 2605.08200", "https://arxiv.org/abs/2605.08200"),
        ("Visuals Lie, Consistency Speaks", "arXiv 2606.17389", "https://arxiv.org/abs/2606.17389"),
    ];

    /// <summary>What came of the form as the paper prints it: "met", "not met" or "not asserted". It decides nothing.</summary>
    public static string Criterion(PublishedOutcome published) => published.Word switch
    {
        "holds" => "met",
        "fails" => "not met",
        var other => other,
    };
}
