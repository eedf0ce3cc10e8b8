using Vrp.Harness.Reporting;
using Vrp.Models;

namespace Vrp.Harness.Tests.Reporting;

public class RunFactsTests
{
    [Fact]
    public void Of_RunJson_GivesFactsAndCostsPerSample()
    {
        var facts = RunFacts.Of(new ReportSubject(SampleReports.Studies[0])).ToJsonString();
        facts.Should().Contain("[\"vision encodings per question\",\"0.14\"]").And.Contain("[\"prefills per question\",\"1.00\"]")
            .And.Contain("[\"decoded tokens "
            + "per question\",\"10.00\"]").And.Contain("[\"stored per question\",\"2.0 KiB\"]").And.Contain("facts / model.name");
    }

    [Fact]
    public void Of_NoFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        ((string)RunFacts.Of(new ReportSubject(SampleReports.Studies[0], null, folder.Path))["missing"]!).Should().Contain("run.json");
    }

    [Theory]
    [InlineData("{\"trace\": ")]
    [InlineData("[1]")]
    public void Of_DamagedFile_IsAnError(string text)
    {
        using var folder = new TemporaryFolder();
        folder.Write("run.json", text);
        ((Action)(() => RunFacts.Of(new ReportSubject(SampleReports.Studies[0], null, folder.Path)))).Should().Throw<VrpException>()
            .WithMessage("*run.json is damaged*");
    }
}
