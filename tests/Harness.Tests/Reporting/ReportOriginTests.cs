using Vrp.Harness.Reporting;

namespace Vrp.Harness.Tests.Reporting;

public class ReportOriginTests
{
    [Fact]
    public void CommandLine_AbsolutePaths_SayNothingOfTheMachine()
    {
        var here = Path.Combine(Environment.CurrentDirectory, "runs", "a b");
        ReportOrigin.CommandLine(["gate", "--runs", here, "/secret/place/llava/", "--title",
            ""]).Should().Be("vrp gate --runs \"runs/a b\" …/llava --title \"\"");
    }

    [Theory]
    [InlineData("https://github.com", "https://github.com/some/where/actions/runs/7")]
    [InlineData("javascript:alert(1)//", null)]
    [InlineData("", null)]
    public void CiRun_Variables_NameThePage(string server, string? expected)
    {
        var run = ReportOrigin.CiRun(name => name switch
        {
            "GITHUB_SERVER_URL" => server,
            "GITHUB_REPOSITORY" => "some/where",
            "GITHUB_RUN_ID" => "7",
            _ => null,
        });
        (run?.AbsoluteUri).Should().Be(expected);
    }

    [Fact]
    public void Now_InARepository_NamesItsCommit()
    {
        var origin = ReportOrigin.Now(["gate"]);
        origin.Command.Should().Be("vrp gate");
        origin.Date.Should().EndWith(" UTC");
        Assert.SkipWhen(origin.Commit is null, "not in a git repository");
        origin.Commit.Should().MatchRegex("^[0-9a-f]{12,40}( with uncommitted changes)?$");
    }
}
