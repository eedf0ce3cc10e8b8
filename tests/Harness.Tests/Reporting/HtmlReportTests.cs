using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vrp.Harness.Claims;
using Vrp.Harness.Reporting;
using Vrp.Models;

namespace Vrp.Harness.Tests.Reporting;

public class HtmlReportTests
{
    static readonly Lazy<string> whole = new(() => HtmlReport.Render(SampleReports.Whole));

    static string DataOf(string page) =>
        Regex.Match(page, "<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;

    [Fact]
    public void Render_SameReport_GivesTheSameBytes() => HtmlReport.Render(SampleReports.Whole).Should().Be(whole.Value);

    [Fact]
    public void Render_Page_AsksForNothingOutsideItself()
    {
        Regex.IsMatch(whole.Value, "(src|href)=\"(?!#)[^\"]", RegexOptions.IgnoreCase).Should().BeFalse();
        whole.Value
            .Should().NotContain("sourceMappingURL").And.NotContain("@import").And.NotContain("url(").And.NotContain("eval(").And.NotContain("innerHTML");
        whole.Value.Should().Contain("default-src 'none'");
    }

    [Fact]
    public void Render_Policy_HoldsTheHashOfEveryScriptAndStyle()
    {
        var policy = Regex.Match(whole.Value, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value;
        var blocks = Regex.Matches(whole.Value, "<(script|style)>(.*?)</(script|style)>", RegexOptions.Singleline);
        blocks.Should().HaveCount(3);
        foreach (Match block in blocks) policy.Should()
            .Contain($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(block.Groups[2].Value)))}'");
        policy.Should().NotContain("unsafe").And.NotContain("*");
    }

    [Fact]
    public void Render_HostileTexts_CannotLeaveTheirPlace()
    {
        var study = SampleReports.HostileStudy;
        var page = HtmlReport.Render(new Report(SampleReports.Hostile, [new ReportSubject(study)], null, SampleReports.Ledger([study]),
            SampleReports.Gate(study, study)));

        Regex.Matches(page, "<script", RegexOptions.IgnoreCase).Should().HaveCount(3);
        Regex.Matches(page, "</script", RegexOptions.IgnoreCase).Should().HaveCount(3);
        page.Should().NotContain("<img src").And.NotContain("\0");
        var data = DataOf(page);
        data.Should().NotContainAny("<", ">", "&", "'");
        using var json = JsonDocument.Parse(data);
        json.RootElement.GetProperty("title").GetString().Should()
            .Be(SampleReports.Hostile.Replace('\uD83D', '\uFFFD'), "what is shown is what was said, but for half a character");
    }

    [Fact]
    public void Render_TitleWithPlaceholder_IsNotFilledIn() =>
        HtmlReport.Render(new Report("{{data}}", [new ReportSubject(SampleReports.Studies[0])])).Should().Contain("<title>{{data}}</title>");

    [Fact]
    public void Render_Data_HoldsEveryVerdictEstimateAndSample()
    {
        using var json = JsonDocument.Parse(DataOf(whole.Value));
        var subjects = json.RootElement.GetProperty("subjects").EnumerateArray().ToArray();
        subjects.Should().HaveCount(3);
        foreach (var (subject, study) in subjects.Zip(SampleReports.Studies))
        {
            subject.GetProperty("verdicts").GetArrayLength().Should().Be(14);
            subject.GetProperty("rows").GetArrayLength().Should().Be(study.Estimates.Count);
            subject.GetProperty("questions").GetProperty("id").GetArrayLength().Should().Be(study.Questions.Count);
            subject.GetProperty("mapsMissing").ValueKind.Should().Be(JsonValueKind.Null);
            subject.GetProperty("run").GetProperty("missing").ValueKind.Should().Be(JsonValueKind.Null);
        }

        json.RootElement.GetProperty("claims").GetArrayLength().Should().Be(ClaimRegistry.All.Count);
        json.RootElement.GetProperty("pictures").GetProperty("uris").GetArrayLength().Should().Be(60, "each picture is there once for three subjects");
    }

    [Fact]
    public void Render_WithoutFolderPicturesLedgerAndGate_SaysWhatIsMissing()
    {
        var page = HtmlReport.Render(new Report("bare", [new ReportSubject(SampleReports.Studies[0] with { Folder = "" })]));
        page.Should().Contain("no run folder was given").And.Contain("no image folder was given").And.Contain("No ledger and no gate were given");
    }

    [Fact]
    public void Render_EmptyStudy_IsAPageAllTheSame()
    {
        var study = SampleReports.Studies[0] with { Folder = "", Estimates = [], Questions = [], Verdicts = [] };
        using var json = JsonDocument.Parse(DataOf(HtmlReport.Render(new Report("empty", [new ReportSubject(study)]))));
        json.RootElement.GetProperty("subjects")[0].GetProperty("roc").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public void Render_NoSubject_IsRefused() => ((Action)(() => HtmlReport.Render(new Report("none", [])))).Should().Throw<VrpException>()
        .WithMessage("*at least one subject*");

    /// <summary>The size that a page must hold: 3 subjects × 3,090 samples about 500 pictures, with LLaVA's, PaliGemma's and Qwen2-VL's grids.</summary>
    [Fact]
    public void Write_StudySize_StaysBelowTheLimit()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("report.html");
        HtmlReport.Write(path, SampleReports.StudySize(folder));

        new FileInfo(path).Length.Should().BeGreaterThan(5_000_000).And.BeLessThan(HtmlReport.Limit);
    }

    [Fact]
    public void ChartLibrary_File_IsTheOneThatTheReadmeNames()
    {
        var assets = Fixtures.At("..", "src", "Harness", "Reporting", "Assets");
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(assets, "chart.umd.min.js"))));
        File.ReadAllText(Path.Combine(assets, "README.md")).Should().Contain(hash);
    }
}
