using System.Diagnostics;
using System.Text.Json.Nodes;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;

namespace Vrp.Harness.Tests.Running;

public sealed class RunOriginTests : IDisposable
{
    const string Digits = "0123456789abcdef0123456789abcdef01234567";

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    void Git(params string[] arguments)
    {
        string[] settings = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"];
        using var git = Process.Start(new ProcessStartInfo("git", [.. settings, .. arguments])
        {
            WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        git.WaitForExit();
        git.ExitCode.Should().Be(0, git.StandardError.ReadToEnd());
    }

    [Fact]
    public void Repository_ACommitAndAChange_AreTold()
    {
        Git("init", "-q");
        folder.Write("a", "1");
        Git("add", "a");
        Git("commit", "-q", "-m", "one");
        folder.Write("untracked", "is no change");
        var below = Directory.CreateDirectory(folder.At("below")).FullName;

        var (commit, dirty) = RunOrigin.Repository(below, _ => Digits);
        commit.Should().MatchRegex("^[0-9a-f]{40}$").And.NotBe(Digits, "the repository is asked before the variables");
        dirty.Should().BeFalse();

        folder.Write("a", "2");
        RunOrigin.Repository(below, _ => null).Should().Be((commit, true));
    }

    [Theory]
    [InlineData("GITHUB_SHA", Digits, Digits)]
    [InlineData("CI_COMMIT_SHA", "0123abc", "0123abc")]
    [InlineData("GIT_COMMIT", "$(rm -rf /)", null)]
    [InlineData("GITHUB_SHA", "", null)]
    [InlineData("OTHER", Digits, null)]
    public void Repository_OutsideOfOne_IsTheServersCommitOrNone(string name, string value, string? expected) =>
        RunOrigin.Repository(folder.Path, variable => variable == name ? value : null).Should().Be((expected, null));

    [Theory]
    [InlineData("https://github.com", "https://github.com/some/where/actions/runs/7")]
    [InlineData("javascript:alert(1)//", null)]
    [InlineData("", null)]
    public void Page_Variables_NameIt(string server, string? expected)
    {
        var page = RunOrigin.Page(name => name switch
        {
            "GITHUB_SERVER_URL" => server,
            "GITHUB_REPOSITORY" => "some/where",
            "GITHUB_RUN_ID" => "7",
            _ => null,
        });
        (page?.AbsoluteUri).Should().Be(expected);
    }

    [Fact]
    public void Of_WhatWasWritten_IsReadBackBesideWhatTheFileHeld()
    {
        RunOrigin.Of(folder.Path).Should().BeNull("there is no file");
        folder.Write(RunFile.Name, """{"trace": {"key": "a"}}""");
        RunOrigin.Of(folder.Path).Should().BeNull("the file is of an earlier version");

        var origin = new RunOrigin(new(2026, 3, 1, 12, 30, 5, TimeSpan.Zero), Digits, true, new Uri("https://git.example/1"));
        origin.Write(folder.Path);
        RunOrigin.Of(folder.Path).Should().Be(origin);
        (origin.DateText, origin.CommitText).Should().Be(("2026-03-01 12:30 UTC", "0123456789ab with uncommitted changes"));
        var written = JsonNode.Parse(File.ReadAllText(folder.At(RunFile.Name)))!;
        written["trace"]!["key"]!.GetValue<string>().Should().Be("a");
        written["origin"]!.AsObject().Select(field => field.Key).Should().Equal("date", "commit", "dirty", "ci_run");

        var unknown = RunOrigin.Now() with { Commit = null, Dirty = null, CiRun = null };
        unknown.Write(folder.Path);
        RunOrigin.Of(folder.Path).Should().Be(unknown);
        unknown.CommitText.Should().BeNull();
    }

    [Theory]
    [InlineData("""{"origin": 1}""")]
    [InlineData("""{"origin": {"commit": "a"}}""")]
    [InlineData("""{"origin": {"date": "yesterday"}}""")]
    [InlineData("""{"origin": {"date": "2026-03-01T00:00:00+00:00", "ci_run": "javascript:alert(1)"}}""")]
    [InlineData("""{"origin": {"date": "2026-03-01T00:00:00+00:00", "ci_run": "x"}}""")]
    public void Of_ADamagedSection_IsAnErrorThatNamesIt(string text)
    {
        folder.Write(RunFile.Name, text);
        ((Action)(() => RunOrigin.Of(folder.Path))).Should().Throw<StoreException>().WithMessage("*run.json is damaged*\"origin\"*");
    }
}
