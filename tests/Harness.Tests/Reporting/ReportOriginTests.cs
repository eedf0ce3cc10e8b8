using Vrp.Harness.Reporting;
using Vrp.Harness.Running;

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

    [Fact]
    public void Stored_RunsOfOneCommit_HaveItAndOthersHaveNone()
    {
        var (first, second) = (new RunOrigin(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), "0123456789abcdef", true),
            new RunOrigin(new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), "0123456789abcdef", true));
        var origin = ReportOrigin.Stored([second, first], ["report"]);
        (origin.Date, origin.Commit).Should().Be(("2026-04-01 00:00 UTC", "0123456789ab with uncommitted changes"));
        ReportOrigin.Stored([first, second with { Commit = "fedcba98" }], []).Commit.Should().BeNull("there is no one commit");
        origin = ReportOrigin.Stored([first, null], []);
        (origin.Date, origin.Commit).Should().Be(("2026-03-01 00:00 UTC", null), "one run does not say its commit");
        ReportOrigin.Stored([null], []).Date.Should().BeNull("the time of a file is that of a copy");
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
