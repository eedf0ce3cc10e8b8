using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Vrp.Harness.Storage;

namespace Vrp.Harness.Running;

/// <summary>When a run was made, and from which commit of the user's repository: run.json's section "origin", which is no part of what runs are compared by.
/// What was not known then is null; nothing is put in its place later.</summary>
/// <param name="Date">When it began.</param>
/// <param name="Commit">Hexadecimal digits: HEAD of the repository that the current folder lies in, else what the CI server says.</param>
/// <param name="Dirty">Whether tracked files differed from that commit; null where git could not say.</param>
/// <param name="CiRun">Page of the CI job.</param>
public sealed partial record RunOrigin(DateTimeOffset Date, string? Commit = null, bool? Dirty = null, Uri? CiRun = null)
{
    const string Section = "origin";

    /// <summary>Digits of a commit that are shown.</summary>
    const int Shown = 12;

    static readonly TimeSpan patience = TimeSpan.FromSeconds(5);

    /// <summary>The commit as GitHub, GitLab, Azure, Jenkins, CircleCI, Buildkite and Bitbucket name it, for a job in a container without git.</summary>
    static readonly string[] commitVariables = ["GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "GIT_COMMIT", "CIRCLE_SHA1", "BUILDKITE_COMMIT",
        "BITBUCKET_COMMIT"];

    // As it was when this process first asked: a commit that is made during the hour of a run is not what the run was made from.
    static readonly Lazy<(string? Commit, bool? Dirty)> here = new(() => Repository(Environment.CurrentDirectory, Environment.GetEnvironmentVariable));

    /// <summary>Of the run that begins now in the current folder.</summary>
    public static RunOrigin Now() => new(Seconds(DateTimeOffset.UtcNow), here.Value.Commit, here.Value.Dirty, Page(Environment.GetEnvironmentVariable));

    /// <summary>What a run's folder says; null where it says nothing, as those of earlier versions do.</summary>
    /// <exception cref="StoreException">run.json is damaged.</exception>
    public static RunOrigin? Of(string runFolder) => RunFile.Section<RunOrigin>(runFolder, Section) is not { } origin ? null
        : origin.CiRun is null || IsPage(origin.CiRun) ? origin
        : throw new StoreException($"{Path.Combine(runFolder, RunFile.Name)} is damaged: section \"{Section}\": ci_run is no page of the web. Take it out.");

    /// <summary>Writes it into the run's folder.</summary>
    public void Write(string runFolder) => RunFile.Update(runFolder, Section, this);

    /// <summary>"0123456789ab" or "0123456789ab with uncommitted changes"; null where the commit is not known.</summary>
    [JsonIgnore]
    public string? CommitText => Commit is null ? null : $"{Commit[..Math.Min(Shown, Commit.Length)]}{(Dirty == true ? " with uncommitted changes" : "")}";

    /// <summary>"2026-03-01 12:30 UTC".</summary>
    [JsonIgnore]
    public string DateText => Date.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>HEAD and whether it was changed, of the repository that a folder lies in; else the CI server's commit, of which nobody knows whether it was
    /// changed.</summary>
    internal static (string? Commit, bool? Dirty) Repository(string folder, Func<string, string?> variable)
    {
        if (Git(folder, "rev-parse", "HEAD") is { Length: > 0 } head)
            return (head, Git(folder, "status", "--porcelain", "--untracked-files=no") is { } changes ? changes.Length > 0 : null);
        return (commitVariables.Select(variable).FirstOrDefault(value => value is not null && Digits().IsMatch(value)), null);
    }

    /// <summary>The job's page, where GitHub's variables (or those of a server that sets them too) name one.</summary>
    internal static Uri? Page(Func<string, string?> variable) =>
        variable("GITHUB_SERVER_URL") is { Length: > 0 } server && variable("GITHUB_REPOSITORY") is { Length: > 0 } repository
            && variable("GITHUB_RUN_ID") is { Length: > 0 } run
            && Uri.TryCreate($"{server}/{repository}/actions/runs/{run}", UriKind.Absolute, out var uri) && IsPage(uri) ? uri : null;

    static bool IsPage(Uri uri) => uri.IsAbsoluteUri && uri.Scheme is "https" or "http";

    static DateTimeOffset Seconds(DateTimeOffset time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);

    /// <summary>Null where there is no git, no repository, or no answer in time: a run goes on all the same.</summary>
    static string? Git(string folder, params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
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

    [GeneratedRegex("^[0-9a-fA-F]{7,64}$")]
    private static partial Regex Digits();
}
