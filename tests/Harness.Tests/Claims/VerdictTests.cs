using FluentAssertions;
using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Selftest;
using Xunit;

namespace Vrp.Harness.Tests.Claims;

/// <summary>Made-up traces with a known truth drive every claim to each of the four verdicts.</summary>
public class VerdictTests
{
    public static IEnumerable<object[]> Scenarios => ClaimScenarios.All.Select((scenario, i) => new object[] { i, scenario.ToString() });

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Analyze_PlantedTruth_GetsItsVerdict(int scenario, string truth)
    {
        var result = ClaimScenarios.All[scenario].Judge();

        result.Verdict.Should().Be(ClaimScenarios.All[scenario].Expected, "{0}; the reason given: {1}", truth, result.Reason);
        result.Reason.Should().NotBeNullOrWhiteSpace();
        if (result.Verdict == Verdict.Inconclusive) result.WouldSettle.Should().NotBeNullOrWhiteSpace("an undecided claim says what would decide it");
        if (result.Verdict != Verdict.NotRun) result.Deciding.Should().NotBeEmpty("a verdict names the rows that it stands on");
        if (result.Verdict == Verdict.NotRun) result.Published.Found.Should().NotBeEmpty();
    }

    [Fact]
    public void All_EveryClaim_HasAScenarioForEachVerdict()
    {
        foreach (var claim in ClaimRegistry.All)
            ClaimScenarios.All.Where(scenario => scenario.Claim == claim.Id).Select(scenario => scenario.Expected).Distinct()
                .Should().BeEquivalentTo(Enum.GetValues<Verdict>(), claim.Id);
    }
}
