using Vrp.Harness.Claims;
using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Reporting;

namespace Vrp.Harness.Tests.Reporting;

public class AnnotationsTests
{
    static LedgerCheck Check(string claim, string reason) =>
        new(claim, "a, b: c", new LedgerEntry(claim, "a, b: c", Verdict.Supported, "made up"), Verdict.Refuted, reason, null);

    [Fact]
    public void Lines_NothingFailed_IsNone() => Annotations.Lines(new Report("x", [])).Should().BeEmpty();

    [Fact]
    public void Lines_MoreThanTen_EndWithTheNumberOfTheRest()
    {
        var lines = Annotations.Lines(new Report("x", [], Ledger: [.. Enumerable.Range(0, 12).Select(i => Check($"claim-{i}", "why"))]));
        lines.Should().HaveCount(10);
        lines[^1].Should().Contain("3 more failures");
        Annotations.Lines(new Report("x", [], Ledger: [.. Enumerable.Range(0, 10).Select(i => Check($"claim-{i}", "why"))])).Should()
            .HaveCount(10).And.NotContain(line => line.Contains("more failures"));
    }

    [Fact]
    public void Lines_HostileText_IsOneCommandEach()
    {
        var line = Annotations.Lines(new Report("x", [], Ledger: [Check("claim", "100% wrong\r\n::error::other" + SampleReports.Hostile)])).Single();
        line.Should().StartWith("::error title=claim on a%2C b%3A c%3A expected Supported%2C found Refuted::100%25 wrong%0D%0A::error::other")
            .And.NotContainAny("\r", "\n", "\0");
    }

    [Fact]
    public void Lines_Regression_ComesFirst()
    {
        var lines = Annotations.Lines(SampleReports.Whole);
        lines[0].Should().StartWith("::error title=vrp gate%3A FAIL::worse than the margin allows");
        lines[1].Should().Contain("accuracy%3A regressed");
        lines.Should().HaveCount(8, "the gate, three metrics, a turned claim, a verdict that differs, one that is new, and a reason of the gate's own");
    }

    [Fact]
    public void Lines_LongReason_IsShortened() =>
        Annotations.Lines(new Report("x", [], Ledger: [Check("claim", string.Concat(Enumerable.Repeat("😀", 5000)))])).Single().Length.Should()
        .BeLessThan(1_200);

    [Fact]
    public void Lines_Pass_IsNone() =>
        Annotations.Lines(new Report("x", [], Gate: SampleReports.Gate(SampleReports.Studies[0], SampleReports.Studies[1], GateOutcome.Pass))).Should()
        .BeEmpty();
}
