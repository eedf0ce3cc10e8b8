using Vrp.Harness.Claims;
using Vrp.Harness.Running;

namespace Vrp.Harness.Reporting;

/// <summary>Where a report comes from, so that a reader can go back there. What is not known is absent.</summary>
/// <param name="When">When the verdicts were made.</param>
/// <param name="Command">What was typed.</param>
/// <param name="Commit">Commit of the repository in which it ran.</param>
/// <param name="Run">Page of the CI run.</param>
public sealed record ReportOrigin(DateTimeOffset? When = null, string? Command = null, string? Commit = null, Uri? Run = null)
{
    /// <summary>Of the run that is going on in the current folder.</summary>
    /// <param name="arguments">The command line, after the program's name.</param>
    public static ReportOrigin Now(IEnumerable<string> arguments)
    {
        var now = RunOrigin.Now();
        return new(now.Date, CommandLine(arguments), now.CommitText, now.CiRun);
    }

    /// <summary>Of stored runs: the newest says when; commit and CI run are those that all of them have. What no run's folder says is not known: the times of
    /// their files are those of a copy, and the commit of today is not the one that they were made from.</summary>
    /// <param name="runs">What the folders of the reported runs say, null for one that says nothing.</param>
    /// <param name="arguments">The command line, after the program's name.</param>
    internal static ReportOrigin Stored(IReadOnlyList<RunOrigin?> runs, IEnumerable<string> arguments)
    {
        T? OfAll<T>(Func<RunOrigin, T?> of) where T : class =>
            runs.All(run => run is not null) && runs.Select(run => of(run!)).Distinct().ToArray() is [var one] ? one : null;
        return new(runs.Max(run => run?.Date), CommandLine(arguments), OfAll(run => run.CommitText), OfAll(run => run.CiRun));
    }

    /// <summary>"2026-03-01 12:30 UTC".</summary>
    internal string? Date => When is { } when ? new RunOrigin(when).DateText : null;

    /// <summary>Paths of this machine say nothing to a reader elsewhere: those below the current folder become relative, others keep their last part.</summary>
    internal static string CommandLine(IEnumerable<string> arguments) => string.Join(' ', arguments.Prepend("vrp").Select(argument =>
    {
        var shown = !Path.IsPathRooted(argument) ? argument : Path.GetRelativePath(Environment.CurrentDirectory, argument) is var relative
            && !relative.StartsWith("..", StringComparison.Ordinal)
            ? relative : $"…/{Path.GetFileName(Path.TrimEndingDirectorySeparator(argument))}";
        return shown.Length == 0 || shown.Any(char.IsWhiteSpace) ? $"\"{shown}\"" : shown;
    }));
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
