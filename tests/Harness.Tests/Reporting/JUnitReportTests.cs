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
    public void Render_Preview_SkipsWhatTheLedgerDoesNotExpectWithTheReason()
    {
        var whole = SampleReports.Whole with { Gate = null };
        var unlike = XDocument.Parse(JUnitReport.Render(whole)).Root!.Descendants("failure").Count();
        unlike.Should().BePositive();
        var skipped = XDocument.Parse(JUnitReport.Render(whole with { Preview = true })).Root!;
        skipped.Descendants("failure").Should().BeEmpty();
        skipped.Descendants("skipped").Where(each => ((string)each.Attribute("message")!).StartsWith("preview: ", StringComparison.Ordinal)).Should()
            .OnlyContain(each => each.Parent!.Element("system-out")!.Value.Length > 0, "the figures are there all the same");
        string[] reasons = [.. skipped.Descendants("skipped").Select(each => (string)each.Attribute("message")!)];
        reasons.Where(reason => reason.StartsWith("preview: ", StringComparison.Ordinal)).Should().HaveCount(unlike)
            .And.Contain(reason => reason.Contains(", expected ")).And.Contain(reason => reason.EndsWith("the ledger has no entry"));

        var absent = XDocument.Parse(JUnitReport.Render(whole with { Preview = true, NotRun = [("absent", "no such folder")] })).Root!;
        absent.Descendants("failure").Should().ContainSingle("a model that could not be run is no matter of how much was asked");
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
