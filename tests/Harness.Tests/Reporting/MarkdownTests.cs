using System.Text;
using Markdig;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Gating;
using Vrp.Harness.Reporting;

namespace Vrp.Harness.Tests.Reporting;

public class MarkdownTests
{
    static Report Hostile()
    {
        var study = SampleReports.HostileStudy;
        return new Report(SampleReports.Hostile, [new ReportSubject(study)], null, SampleReports.Ledger([study]),
            SampleReports.Gate(study,
            study with { Questions = [.. study.Questions.Select(question =>
                question with { Label = question.IsCorrect ? AnswerStatus.Wrong : AnswerStatus.Correct })] }));
    }

    /// <summary>As many flips as make any limit tight.</summary>
    static Report Huge(int flips)
    {
        var (study, gate) = (SampleReports.HostileStudy, SampleReports.Gate(SampleReports.Studies[0], SampleReports.Studies[0]));
        return new Report("huge", [new ReportSubject(study)], null, SampleReports.Ledger([study]),
            gate with { Flips = [.. Enumerable.Range(0, flips).Select(i => new Flip(study.Questions[i % 100], study.Questions[i % 100]))],
            Reasons = [.. Enumerable.Repeat(SampleReports.Hostile, 3000)] });
    }

    [Fact]
    public void Render_Whole_NamesOutcomeVerdictsAndFlips()
    {
        var text = MarkdownSummary.Render(SampleReports.Whole);
        text.Should().StartWith("## Made-up studies").And.Contain("**❌ FAIL** · worse than the margin allows")
            .And.Contain("≠ expected").And.Contain("**new**").And.Contain("`accuracy`").And.Contain("✗ **regressed**").And.NotContain("Cut here");
        text.Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal)).Should().BeGreaterThan(14 * 4);
    }

    [Fact]
    public void Render_Tables_KeepTheirColumnsWhateverTheTextsHold()
    {
        foreach (var text in new[] { MarkdownSummary.Render(Hostile()), PullRequestComment.Render(Hostile()) })
        {
            var columns = 0;
            foreach (var line in text.Split('\n'))
            {
                if (!line.StartsWith('|')) columns = 0;
                else if (columns == 0) columns = line.Count(c => c == '|');
                else line.Count(c => c == '|').Should().Be(columns, line);
            }

            text.Should().NotContain("<script").And.NotContain("<img").And.NotContain("@team").And.NotContain("\0").And.NotContain("\u202E")
                .And.NotContain("\r").And.NotContain("\n::error");
            text.Replace("<!-- vrp-report -->", "", StringComparison.Ordinal).Should().NotContain("<!--");
        }
    }

    [Fact]
    public void Render_SummaryOverItsLimit_IsCutWithALineThatSaysSo()
    {
        var text = MarkdownSummary.Render(Huge(20_000));
        Encoding.UTF8.GetByteCount(text).Should().BeLessThanOrEqualTo(MarkdownSummary.Limit).And.BeGreaterThan(MarkdownSummary.Limit - 5_000);
        text.Should().MatchRegex(@"\*\*Cut here:\*\* [\d,]+ of [\d,]+ lines did not fit into 1,048,576 bytes");
        Count(text, "<details").Should().Be(Count(text, "</details"));
    }

    [Fact]
    public void Render_CommentOverItsLimit_IsCutAndKeepsItsMarker()
    {
        var report = Huge(20_000) with { Subjects = [.. Enumerable.Range(0, 9)
            .Select(i => new ReportSubject(SampleReports.HostileStudy with { Subject = $"s{i}" }))] };
        var text = PullRequestComment.Render(report);
        text.Length.Should().BeLessThanOrEqualTo(PullRequestComment.Limit).And.BeGreaterThan(PullRequestComment.Limit - 10_000);
        text.Should().StartWith(PullRequestComment.Marker + "\n").And.Contain("Cut here");
        Count(text, "<details").Should().Be(Count(text, "</details"));
    }

    [Fact]
    public void Render_Comment_OfAUsualReportIsWhole() => PullRequestComment.Render(SampleReports.Whole).Should().NotContain("Cut here");

    [Theory]
    [InlineData(10, 10, false)]
    [InlineData(11, 10, true)]
    public void LimitedText_AtItsLimit_IsCutOnlyBeyond(int lines, int fit, bool cut)
    {
        var text = LimitedText.OfCharacters(fit * 100);
        for (var i = 0; i < lines; i++) text.Line(new string('x', 99));
        text.ToString().Contains("Cut here", StringComparison.Ordinal).Should().Be(cut);
        text.ToString().Length.Should().BeLessThanOrEqualTo(fit * 100);
    }

    [Theory]
    [InlineData("accuracy_yes_no", "accuracy_yes_no")]
    [InlineData("a|b`c\r\nd", "a/b'c  d")]
    [InlineData("*x* <b> &amp; \u202Ey", "*x* <b> &amp;  y")]
    public void Code_Name_IsReadAsItIs(string name, string expected) =>
        Markdown.ToHtml(MarkdownText.Code(name)).Trim()
            .Should().Be($"<p><code>{System.Net.WebUtility.HtmlEncode(expected).Replace("&#39;", "'", StringComparison.Ordinal)}</code></p>");

    [Fact]
    public void Render_ARunsPageWithParentheses_IsOneLink()
    {
        var page = new Uri("https://git.example/runs/7)![x](https://evil.example/a.png");
        var text = MarkdownSummary.Render(SampleReports.Whole with { Origin = SampleReports.Origin with { Run = page } });
        Markdown.ToHtml(text).Should().Contain(">CI run</a>").And.NotContain("<img").And.NotContain("href=\"https://evil");
    }

    [Fact]
    public void Render_AsGitHubShowsIt_HasNoEntityNoZeroPAndNoMinusZero()
    {
        var gate = SampleReports.Gate(SampleReports.Studies[0], SampleReports.Studies[1]);
        var report = SampleReports.Whole with
        {
            Gate = gate with { Metrics = [.. gate.Metrics.Select(metric => metric with { Name = $"{metric.Name}_yes_no", AdjustedP = 1e-12,
                Difference = metric.Difference is { } e ? e with { Low = -1e-17, Value = 0, High = -0.0 } : null })] },
        };
        foreach (var text in new[] { MarkdownSummary.Render(report), PullRequestComment.Render(report) })
        {
            var html = Markdown.ToHtml(text, new MarkdownPipelineBuilder().UsePipeTables().Build());
            var shown = System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(html, "<[^>]*>", " "));
            shown.Should().Contain("accuracy_yes_no").And.Contain("probe_auroc_yes_no").And.NotContain("&#");
            text.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)
                && line.Contains("yes_no", StringComparison.Ordinal)).Should().HaveCount(4)
                .And.NotContain(line => line.Contains("-0 ", StringComparison.Ordinal) || line.Contains("-0]", StringComparison.Ordinal)
                    || line.Contains("-0,", StringComparison.Ordinal));
            shown.Should().NotMatchRegex(@"\bp = 0(?!\.\d)");
            html.Should().Contain("<code>accuracy_yes_no</code>").And.NotContain("&amp;#").And.Contain("arxiv.org/abs/2605.08200")
                .And.Contain("arxiv.org/abs/2606.17389");
        }
    }

    [Fact]
    public void Render_UpgradeComment_StartsWithMetricsAndFoldsTheClaims()
    {
        var text = PullRequestComment.Render(SampleReports.Whole);
        int At(string part) => text.IndexOf(part, StringComparison.Ordinal);
        At("| metric |").Should().BePositive().And.BeLessThan(At("answers were right and are wrong"));
        At("answers were right and are wrong").Should().BeLessThan(At("13 claims as for the baseline"));
        At("| claim | synthetic-llava").Should().BeGreaterThan(At("13 claims as for the baseline"), "unchanged claims are folded");
    }

    [Fact]
    public void Render_LedgerComment_NamesTheSplitOnceOverAllSubjects()
    {
        var text = PullRequestComment.Render(SampleReports.Calm);
        text.Should().Contain("**✅ PASS** · all 40 verdicts are the ones that the ledger expects").And.Contain("`architecture-split`, over all subjects: ");
        Count(text, "`architecture-split`").Should().Be(2, "once with the verdicts and once with its reason");
        text.Should().NotContain("is no contrast");
    }

    [Fact]
    public void Render_SubjectThatDidNotRun_IsSaid() => PullRequestComment.Render(SampleReports.Calm with { NotRun = [("gone", "no such file")] }).Should()
        .Contain("**❌ COULD NOT JUDGE** · gone did not run").And.Contain("no such file");

    [Theory]
    [InlineData("a|b", "a&#124;b")]
    [InlineData("`x`", "&#96;x&#96;")]
    [InlineData("two\r\nlines", "two lines")]
    [InlineData("<b>&", "&#60;b&#62;&#38;")]
    [InlineData("http://x.y", "http&#58;//x.y")]
    [InlineData("@you #1", "@\u200Byou #\u200B1")]
    [InlineData("", "")]
    public void Escape_Marks_StayText(string text, string expected) => MarkdownText.Escape(text).Should().Be(expected);

    [Fact]
    public void Escape_LoneSurrogate_BecomesReplacement() => MarkdownText.Escape("\uD800").Should().Be("\uFFFD");

    [Fact]
    public void Escape_LongText_EndsWithAnEllipsis() => MarkdownText.Escape(new string('a', 500), 10).Should().Be("aaaaaaaaaa…");

    static int Count(string text, string part) => text.Split(part).Length - 1;
}
