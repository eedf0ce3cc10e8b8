using System.Xml.Linq;
using Vrp.Harness.Claims;
using Vrp.Harness.Reporting;

namespace Vrp.Harness.Tests.Reporting;

public class JUnitReportTests
{
    [Fact]
    public void Render_Whole_HasACasePerClaimAndSubject()
    {
        var root = XDocument.Parse(JUnitReport.Render(SampleReports.Whole)).Root!;
        root.Elements("testsuite").Select(suite => (string)suite.Attribute("name")!).Should()
            .Equal([.. SampleReports.Studies.Select(study => study.Subject), "all", $"gate {SampleReports.Studies[1].Subject}"]);
        root.Elements("testsuite").Take(3).Should().OnlyContain(suite => suite.Elements("testcase").Count() == 13);
        root.Descendants("failure").Select(failure => (string)failure.Attribute("message")!).Should()
            .Contain(message => message.Contains("expected")).And.Contain("regressed").And.Contain(message => message.EndsWith("the ledger has no entry"));
        ((int)root.Attribute("failures")!).Should().Be(root.Descendants("failure").Count()).And.Be(4);
        ((int)root.Attribute("tests")!).Should().Be(root.Descendants("testcase").Count()).And.Be(13 * 3 + 1 + 4);
    }

    [Fact]
    public void Render_WithoutLedger_FailsNothingAndSkipsWhatDidNotRun()
    {
        var root = XDocument.Parse(JUnitReport.Render(new Report("x", [new ReportSubject(SampleReports.Studies[0])]))).Root!;
        root.Descendants("failure").Should().BeEmpty();
        root.Descendants("skipped").Should().HaveCount(SampleReports.Studies[0].Verdicts.Count(found => found.Verdict == Verdict.NotRun));
        root.Value.Should().Contain("no ledger was given");
    }

    [Fact]
    public void Render_HostileText_IsWellFormed()
    {
        var study = SampleReports.HostileStudy;
        var text = JUnitReport.Render(new Report(SampleReports.Hostile, [new ReportSubject(study)], null, SampleReports.Ledger([study])));
        text.Should().StartWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
        XDocument.Parse(text).Descendants("system-out").First().Value.Should().Contain("<img src=x onerror=window.broken=2>").And.Contain("\uFFFD");
    }
}
