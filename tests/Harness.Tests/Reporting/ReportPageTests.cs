using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Reporting;
using Vrp.Harness.Studies;

namespace Vrp.Harness.Tests.Reporting;

/// <summary>The page as a browser has it. Skipped where there is no Chromium (tests/README.md). Longer than most: one browser and the pages written for it
/// serve all of these tests, and a second class would start and write them again.</summary>
public sealed class ReportPageTests(ReportPageTests.Browser browser, ITestOutputHelper output) : IClassFixture<ReportPageTests.Browser>
{
    /// <summary>One browser, and the pages that are looked at, for all tests of the class.</summary>
    public sealed class Browser : IAsyncLifetime
    {
        readonly TemporaryFolder folder = new();

        internal ChromiumPage? Page { get; private set; }

        public string Whole => folder.At("whole.html");

        public string Hostile => folder.At("hostile.html");

        /// <summary>Everything as the ledger expects.</summary>
        public string Calm => folder.At("calm.html");

        public string Large => folder.At("large.html");

        /// <summary>A candidate against a baseline, without a ledger, as the gate writes it.</summary>
        public string Upgrade => folder.At("upgrade.html");

        /// <summary>Two runs of one subject, one held against the other.</summary>
        public string Same => folder.At("same.html");

        /// <summary>Four runs of one subject.</summary>
        public string History => folder.At("history.html");

        public async ValueTask InitializeAsync()
        {
            if (ChromiumPage.Program is null) return;
            HtmlReport.Write(Whole, SampleReports.Whole);
            HtmlReport.Write(Calm, SampleReports.Calm);
            HtmlReport.Write(Upgrade, SampleReports.Upgrade);
            var one = new ReportSubject(SampleReports.Studies[0], SampleReports.Picture);
            HtmlReport.Write(Same, Report.OfUpgrade(SampleReports.Gate(one.Study, one.Study), one, one));
            HtmlReport.Write(Large, SampleReports.StudySize(folder));
            var (newest, histories) = RunHistory.Of([.. SampleReports.Runs(folder).Select(RunFolder.Read)]);
            HtmlReport.Write(History, new Report("history", [.. newest.Select(run => new ReportSubject(run, SampleReports.Picture))])
            {
                Histories = histories,
            });
            var study = SampleReports.HostileStudy;
            HtmlReport.Write(Hostile,
                new Report(SampleReports.Hostile, [new ReportSubject(study, SampleReports.Picture)], null, SampleReports.Ledger([study]),
                SampleReports.Gate(study, study with { Subject = "other" })));
            Page = await ChromiumPage.Start();
        }

        public ValueTask DisposeAsync()
        {
            Page?.Dispose();
            folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    ChromiumPage Page
    {
        get
        {
            Assert.SkipWhen(browser.Page is null, "no chromium in PATH: `apt-get install chromium` lets this test run.");
            browser.Page!.Complaints.Clear();
            return browser.Page;
        }
    }

    const string Blank = "(c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; return d.every((v, i) => v === d[i % 4]); })";

    [Fact]
    public async Task Open_EveryPage_DrawsItsChartsWithoutAComplaint()
    {
        var page = Page;
        var ids = new[] { "overview", "questions", "attention", "gate", "ledger",
            "facts" }.Concat(Vrp.Harness.Claims.ClaimRegistry.All.Select(claim => $"claim/{claim.Id}")).ToArray();
        var charts = 0;
        await page.Open(browser.Whole);
        foreach (var id in ids)
        {
            await page.Run($"location.hash = '#{id}'");
            await page.Until($"document.querySelector('.page:not([hidden])')?.dataset.page === '{id}'");
            await page.Run("for (const c of document.querySelectorAll('.page:not([hidden]) .plot canvas')) c.entry.draw()");
            var blank = await page.Evaluate<bool[]>($"[...document.querySelectorAll('.page:not([hidden]) .plot canvas')].map({Blank})");
            blank.Should().NotContain(true, "charts of {0} are drawn", id);
            charts += blank.Length;
            (await page.Evaluate<int>("document.querySelectorAll('.page:not([hidden]) .forest svg circle, .page:not([hidden]) .plot, .page:not([hidden]) "
                + "table, .page:not([hidden]) .heat, .page:not([hidden]) .card').length")).Should().BePositive(id);
        }

        output.WriteLine($"{ids.Length} pages, {charts} charts");
        charts.Should().BeGreaterThan(30);
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Open_AttentionMaps_ArePaintedOverThePictures()
    {
        var page = Page;
        await page.Open(browser.Whole, "#attention");
        await page.Until("[...document.querySelectorAll('.heat canvas')].length > 8 && [...document.querySelectorAll('.heat canvas')].every(c => "
            + $"!{Blank}(c))");
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Open_StudySize_IsReadyWithinTwoSecondsAndFiltersWithinHalfOfOne()
    {
        var page = Page;
        // The best of three: other work on the machine makes a page slower, never faster.
        var (open, filter) = (TimeSpan.MaxValue, double.MaxValue);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var time = await page.Open(browser.Large);
            open = time < open ? time : open;
            await page.Run("location.hash = '#questions'");
            await page.Until("document.querySelector('#questions-table tbody tr')");
            filter = Math.Min(filter, await page.Evaluate<double>(
                "(() => { const t = performance.now(); const l = document.getElementById('f-label'); l.value = 'wrong'; l.dispatchEvent(new Event('change')); "
                + "document.querySelector('button[data-sort=\"question\"]').click(); return performance.now() - t; })()"));
        }

        output.WriteLine(FormattableString.Invariant(
            $"{new FileInfo(browser.Large).Length / 1e6:0.0} MB, ready after {open.TotalMilliseconds:0} ms, filtered and sorted in {filter:0} ms"));
        open.Should().BeLessThan(TimeSpan.FromSeconds(2));
        filter.Should().BeLessThan(500);
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Verdicts_Table_NamesEveryClaimOnceWithExpectations()
    {
        var page = Page;
        await page.Open(browser.Whole);
        (await page.Evaluate<int>("document.querySelectorAll('.page:not([hidden]) table.verdicts tbody tr').length")).Should().Be(14);
        (await page.Evaluate<string[]>("[...document.querySelectorAll('table.verdicts td:not(:last-child) .differs')].map(e => e.textContent)")).Should()
            .HaveCount(2).And.Contain("new: not in the ledger").And.ContainMatch("≠ expected *");
        await page.Run("document.querySelector('a[href=\"#claim/fusion\"]').click()");
        await page.Until("document.querySelector('.page:not([hidden])').dataset.page === 'claim/fusion'");
        (await page.Evaluate<string>("document.querySelector('.page:not([hidden])').textContent"))
            .Should().Contain("0.956").And.Contain("new: no entry yet").And.Contain("Paper’s own criterion");
    }

    [Fact]
    public async Task Questions_FilterAndSort_ShowWhatFits()
    {
        var page = Page;
        await page.Open(browser.Whole, "#questions");
        var all = SampleReports.Studies.Sum(study => study.Questions.Count);
        (await page.Evaluate<string>("document.querySelector('[role=status]').textContent")).Should().Be($"{all:N0} of {all:N0} answers");

        await page.Run("const f = document.getElementById('f-text'); f.value = 'yes-no-7-2'; f.dispatchEvent(new Event('input'));");
        await page.Until($"document.querySelector('[role=status]').textContent === '3 of {all:N0} answers'");
        await page.Run("const f = document.getElementById('f-text'); f.value = ''; f.dispatchEvent(new Event('input')); const l = "
            + "document.getElementById('f-label'); l.value = 'wrong'; l.dispatchEvent(new Event('change'));");
        var wrong = SampleReports.Studies.Sum(study => study.Questions.Count(question => question.Label == AnswerStatus.Wrong));
        await page.Until($"document.querySelector('[role=status]').textContent === '{wrong:N0} of {all:N0} answers'");

        await page.Run("document.querySelector('button[data-sort=\"first-token probability\"]').click()");
        (await page.Evaluate<string>("document.querySelector('th[aria-sort]').getAttribute('aria-sort')")).Should().Be("descending");
        var shown = await page.Evaluate<double[]>("[...document.querySelectorAll('#questions-table tbody td.num')].map(e => Number(e.textContent))");
        shown.Should().HaveCount(50).And.BeInDescendingOrder();
        shown[0].Should().BeApproximately(SampleReports.Studies.SelectMany(study => study.Questions).Where(question => question.Label == AnswerStatus.Wrong)
            .Max(question => question.Scores["first_token_probability"]), 0.001);

        await page.Run("const o = document.getElementById('f-only'); o.value = 'flips'; o.dispatchEvent(new Event('change')); const l = "
            + "document.getElementById('f-label'); l.value = ''; l.dispatchEvent(new Event('change'));");
        var flips = SampleReports.Gate(SampleReports.Studies[0], SampleReports.Studies[1]).Flips.Count;
        flips.Should().BePositive();
        await page.Until($"document.querySelector('[role=status]').textContent === '{3 * flips:N0} of {all:N0} answers'");
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Questions_Open_ShowsTheQuestionAndClosesWithEscape()
    {
        var page = Page;
        await page.Open(browser.Whole, "#questions");
        await page.Run("document.querySelector('#questions-table button.open').focus()");
        await page.Press("Enter");
        await page.Until("document.querySelector('dialog[open]')");
        (await page.Evaluate<string>("document.querySelector('dialog').textContent")).Should().Contain("Sampled answers").And.Contain("attention entropy");
        await page.Press("Escape");
        await page.Until("!document.querySelector('dialog')");
        (await page.Evaluate<bool>("document.activeElement.classList.contains('open')")).Should().BeTrue("focus goes back to where it was");
    }

    [Fact]
    public async Task Gate_Flips_ShowPicturesAnswersAndConfidenceOfBoth()
    {
        var page = Page;
        await page.Open(browser.Whole, "#gate");
        var gate = SampleReports.Gate(SampleReports.Studies[0], SampleReports.Studies[1]);
        var lost = gate.Flips.Where(flip => flip.Lost).ToArray();
        (await page.Evaluate<string>("document.querySelector('#flip-side option').textContent")).Should().Be($"was right, now wrong ({lost.Length})");
        (await page.Evaluate<int>("document.querySelectorAll('#flips img.thumb').length")).Should().Be(Math.Min(30, lost.Length));
        (await page.Evaluate<string>("document.querySelector('#flips tbody tr').textContent")).Should()
            .Contain(lost[0].Candidate.Question).And.Contain("correct").And.Contain("wrong")
            .And.Contain(FormattableString.Invariant($"confidence {lost[0].Baseline.Scores["first_token_probability"]:0.000}"));
        await page.Run("const s = document.getElementById('flip-side'); s.value = 'won'; s.dispatchEvent(new Event('change'));");
        (await page.Evaluate<int>("document.querySelectorAll('#flips img.thumb').length")).Should()
            .Be(Math.Min(30, gate.Flips.Count - lost.Length));
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Gate_Settings_NameWhatTheTwoRunsWereNotAlikeIn()
    {
        var page = Page;
        await page.Open(browser.Upgrade, "#gate");
        (await page.Evaluate<string[]>("[...document.querySelectorAll('details')].find(e => e.textContent.includes('settings differ')).innerText.split('\\n')"))
            .Should().HaveElementAt(0, "2 settings differ between the two runs");
        (await page.Evaluate<string[]>("[...document.querySelectorAll('details')].find(e => e.textContent.includes('settings differ'))"
            + ".querySelectorAll('tbody tr').values().map(e => e.textContent).toArray()")).Should()
            .Equal("model.namellavapaligemma", "promptUSER: <image>\n{question} ASSISTANT:<image>answer en {question}");
        await page.Open(browser.Whole, "#gate");
        (await page.Evaluate<string>("document.querySelector('.page:not([hidden])').textContent")).Should().Contain("is not recorded for both");
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Upgrade_TwoRunsOfOneSubject_AreToldApartAndEachHasItsAddress()
    {
        var page = Page;
        var study = SampleReports.Studies[0];
        await page.Open(browser.Same, $"#questions?open={Uri.EscapeDataString($"{study.Subject} (candidate)/{study.Questions[3].Id}")}");
        await page.Until("document.querySelector('dialog[open]')");
        (await page.Evaluate<string>("document.querySelector('dialog dd').textContent")).Should().Be($"{study.Subject} (candidate)");
        (await page.Evaluate<string>("document.activeElement.id")).Should().Be("question-close");
        (await page.Evaluate<string>("document.getElementById('title').textContent")).Should()
            .Be($"{study.Subject} (candidate) against {study.Subject} (baseline)");
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Facts_Page_StartsWithDateAndCommitAndShowsHashesByTheirFirstDigits()
    {
        var page = Page;
        await page.Open(browser.Whole, "#facts");
        (await page.Evaluate<string[]>("[...document.querySelector('.page:not([hidden]) .cards').querySelectorAll('h4')].map(e => e.textContent)")).Should()
            .Equal("origin", "trace");
        (await page.Evaluate<string>("document.querySelector('.page:not([hidden]) .card').innerText.replaceAll(/\\s+/g, ' ')")).Should()
            .Be("origin date 2026-03-01T12:30:00+00:00 commit 0123456789ab… dirty false");
        (await page.Evaluate<string>("[...document.querySelectorAll('.page:not([hidden]) .card > dl code')].map(e => e.textContent).join(' ')")).Should()
            .Contain("bbbbbbbbbbbb…").And.NotMatchRegex("[0-9a-f]{13}");
    }

    [Fact]
    public async Task Keyboard_TabOrder_StartsWithTheSkipLinkAndFollowsThePage()
    {
        var page = Page;
        await page.Open(browser.Whole);
        var order = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            await page.Press("Tab");
            order.Add(await page.Evaluate<string>("document.activeElement.id || document.activeElement.textContent"));
        }

        order.Take(8).Should().Equal("skip", "Overview", "Metrics and flips", "Ledger", "Questions", "Attention", "Run facts", "theme");
        (await page.Evaluate<string>("getComputedStyle(document.activeElement).outlineStyle")).Should().Be("solid", "focus is visible");
        await page.Run("document.getElementById('skip').focus()");
        await page.Press("Enter");
        (await page.Evaluate<string>("document.activeElement.id")).Should().Be("main");
    }

    [Fact]
    public async Task Phone_NoPage_ScrollsSideways()
    {
        var page = Page;
        await page.Size(400, 800);
        try
        {
            await page.Open(browser.Whole);
            foreach (var id in new[] { "overview", "questions", "attention", "gate", "ledger", "facts", "claim/hidden-state-probe", "claim/neuron-ablation",
                "claim/attention-masking", "claim/architecture-split" })
            {
                await page.Run($"location.hash = '#{id}'");
                await page.Until($"document.querySelector('.page:not([hidden])')?.dataset.page === '{id}'");
                (await page.Evaluate<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(400, id);
            }
        }
        finally
        {
            await page.Size(1280, 900);
        }
    }

    [Fact]
    public async Task Theme_SwitchAndSystem_ChangeColours()
    {
        var page = Page;
        await page.Scheme("dark");
        try
        {
            await page.Open(browser.Whole);
            (await page.Evaluate<string>("getComputedStyle(document.body).backgroundColor")).Should().Be("rgb(20, 24, 29)");
            await page.Run("document.getElementById('theme').click()");
            (await page.Evaluate<string>("getComputedStyle(document.body).backgroundColor")).Should().Be("rgb(255, 255, 255)");
            page.Complaints.Should().BeEmpty();
        }
        finally
        {
            await page.Scheme("light");
        }
    }

    [Fact]
    public async Task Print_Pdf_HoldsEveryClaimAndTakesThePageBack()
    {
        var page = Page;
        await page.Open(browser.Whole);
        var pdf = await page.Pdf();
        pdf.Length.Should().BeGreaterThan(100_000);
        // The PDF's own page objects, which are not compressed.
        System.Text.RegularExpressions.Regex.Count(System.Text.Encoding.Latin1.GetString(pdf), @"/Type\s*/Page\b(?!s)").Should().BeInRange(3, 20);
        (await page.Evaluate<int>("document.querySelectorAll('.page.claim').length")).Should().Be(14);
        (await page.Evaluate<int>("document.querySelectorAll('.page:not([hidden])').length")).Should().Be(1);
        // Three charts of a history side by side: several subjects over many metrics stay below the same number of pages.
        await page.Open(browser.History);
        System.Text.RegularExpressions.Regex.Count(System.Text.Encoding.Latin1.GetString(await page.Pdf()), @"/Type\s*/Page\b(?!s)").Should().BeInRange(3, 14);
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Hostile_Texts_StayTexts()
    {
        var page = Page;
        await page.Open(browser.Hostile);
        foreach (var id in new[] { "questions", "attention", "gate", "ledger", "facts", "claim/fusion", "claim/hidden-state-probe" })
        {
            await page.Run($"location.hash = '#{id}'");
            await page.Until($"document.querySelector('.page:not([hidden])')?.dataset.page === '{id}'");
        }

        (await page.Evaluate<bool>("window.broken === undefined && document.querySelectorAll('img[onerror], script[src]').length === 0 && "
            + "document.scripts.length === 3")).Should().BeTrue();
        (await page.Evaluate<string>("document.getElementById('title').textContent")).Should().Contain("</script><script>window.broken=1</script>");
        await page.Run("location.hash = '#questions'");
        await page.Until("document.querySelector('#questions-table bdi')");
        (await page.Evaluate<string>("document.querySelector('#questions-table bdi').textContent")).Should()
            .Contain("<img src=x onerror=window.broken=2>").And.Contain("\u2400").And.Contain("⟨U+202E⟩").And.Contain("\uFFFD");
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Policy_InlineScript_IsRefused()
    {
        var page = Page;
        await page.Open(browser.Whole);
        await page.Run("const s = document.createElement('script'); s.textContent = 'window.smuggled = 1'; document.body.append(s);");
        (await page.Evaluate<bool>("window.smuggled === undefined")).Should().BeTrue("the policy names the page's own scripts by hash");
    }

    [Fact]
    public async Task Overview_FirstScreen_SaysTheOutcomeWhatDiffersAndWhereItComesFrom()
    {
        var page = Page;
        await page.Open(browser.Whole);
        (await page.Evaluate<string>("document.querySelector('.outcome').textContent")).Should().Be("FAIL");
        (await page.Evaluate<string[]>("[...document.querySelectorAll('.differences > li')].map(e => e.textContent)")).Should()
            .HaveCount(7).And.Subject.Should().SatisfyRespectively(
                first =>
                    first.Should().StartWith("accuracy: regressed"), second =>
                        second.Should().StartWith("hidden-state-probe on synthetic-paligemma: was Supported, is Refuted"),
                third => third.Should().StartWith("sparse-probe on synthetic-qwen2_vl: expected"), fourth => fourth.Should().StartWith("ece: undecided"),
                fifth =>
                    fifth.Should().StartWith("ablation: not measured"), sixth =>
                        sixth.Should().StartWith("fusion on synthetic-llava: found"), last => last.Should().StartWith("accuracy fell by 5 points"));
        var origin = await page.Evaluate<string>("document.querySelector('.origin').textContent");
        origin.Should().Contain("2026-03-01 12:30 UTC").And.Contain("0123456789ab").And.Contain("vrp gate").And.Contain("arXiv 2605.08200")
            .And.Contain("arXiv 2606.17389");
        (await page.Evaluate<string>("document.querySelector('.origin a').href")).Should().Be("https://git.example/some/where/actions/runs/7");
        (await page.Evaluate<string>("h('p', {}, coded('run `--budget full`, ` <b>')).innerHTML")).Should()
            .Be("<bdi class=\"said\">run </bdi><code><bdi class=\"said\">--budget full</bdi></code><bdi class=\"said\">, ` &lt;b&gt;</bdi>");
        // Charts of the first page do not wait for a reader to scroll.
        (await page.Evaluate<bool[]>($"[...document.querySelectorAll('.page:not([hidden]) .plot canvas')].map({Blank})"))
            .Should().NotBeEmpty().And.NotContain(true);
    }

    [Fact]
    public async Task Overview_Verdicts_AreColouredOnlyWhereUnlikeExpected()
    {
        var page = Page;
        await page.Open(browser.Calm);
        (await page.Evaluate<string>("document.querySelector('.outcome').textContent")).Should().Be("PASS");
        (await page.Evaluate<int>("document.querySelectorAll('.differs, .differences').length")).Should().Be(0);
        (await page.Evaluate<string[]>("[...new Set([...document.querySelectorAll('.verdict')].map(e => getComputedStyle(e).color))]")).Should()
            .NotContain("rgb(163, 35, 28)", "a refuted claim that was expected to be is no failure");
        (await page.Evaluate<bool>("getComputedStyle(document.querySelector('.outcome')).color === getComputedStyle(document.body).color")).Should()
            .BeTrue("as expected has no colour either");
        (await page.Evaluate<string[]>("[...document.querySelectorAll('#nav a')].map(e => e.textContent)")).Should()
            .Equal("Overview", "Ledger", "Questions", "Attention", "Run facts");
        (await page.Evaluate<string>("document.querySelector('table.verdicts tbody tr:last-child').textContent"))
            .Should().StartWith("architecture-split").And.Contain("over all subjects");
    }

    [Fact]
    public async Task Address_FiltersAndQuestion_CanBePastedAndAreKept()
    {
        var page = Page;
        await page.Open(browser.Whole, "#questions?label=wrong&subject=synthetic-llava&sort=-question&page=2");
        (await page.Evaluate<string>("document.getElementById('f-label').value + document.getElementById('f-subject').value")).Should().Be("wrong0");
        (await page.Evaluate<string>("document.querySelector('.pager span').textContent")).Should().StartWith("Page 2 of");
        (await page.Evaluate<string>("document.querySelector('th[aria-sort]').getAttribute('aria-sort')")).Should().Be("descending");

        await page.Run("document.querySelector('#questions-table button.open').click()");
        await page.Until("document.querySelector('dialog[open]')");
        var link = await page.Evaluate<string>("location.hash");
        link.Should().Contain("label=wrong").And.Contain("open=synthetic-llava%2F");
        var question = await page.Evaluate<string>("document.querySelector('dialog h2').textContent");
        await page.Open(browser.Whole, link);
        await page.Until("document.querySelector('dialog[open]')");
        (await page.Evaluate<string>("document.querySelector('dialog h2').textContent")).Should().Be(question);

        await page.Press("ArrowRight");
        (await page.Evaluate<string>("location.hash")).Should().NotBe(link);
        await page.Press("ArrowLeft");
        (await page.Evaluate<string>("location.hash")).Should().Be(link);
        await page.Press("Escape");
        await page.Until("!document.querySelector('dialog')");
        (await page.Evaluate<string>("location.hash")).Should().NotContain("open=").And.Contain("label=wrong");
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Question_Dialog_SaysWhyAndClaimsNoDirectionThatIsNotSo()
    {
        var page = Page;
        await page.Open(browser.Whole, "#questions?label=wrong&kind=yes-no");
        await page.Run("document.querySelector('#questions-table button.open').click()");
        await page.Until("document.querySelector('dialog[open]')");
        (await page.Evaluate<string>("document.querySelector('dialog dl').textContent")).Should().MatchRegex("read as \"(yes|no)\"; the gold answer is");
        var confident = await page.Evaluate<string>("[...document.querySelectorAll('dialog h4')].find(e => e.textContent.includes('higher means more "
            + "confident')).nextSibling.textContent");
        confident.Should().Contain("first-token probability").And.NotContain("H_s").And.NotContain("C_k");
        // Moving the slider repaints the picture.
        var before = await page.Evaluate<string>("document.querySelector('dialog canvas').toDataURL()");
        await page.Run("const s = document.getElementById('question-strength'); s.value = 1; s.dispatchEvent(new Event('input'));");
        (await page.Evaluate<string>("document.querySelector('dialog canvas').toDataURL()")).Should().NotBe(before);
    }

    [Fact]
    public async Task Address_OfAnEarlierVersion_LeadsToTheSamePlace()
    {
        var page = Page;
        await page.Open(browser.Whole, "#samples?label=wrong&subject=synthetic-llava");
        (await page.Evaluate<string>("document.querySelector('.page:not([hidden])').dataset.page")).Should().Be("questions");
        (await page.Evaluate<string>("document.getElementById('f-label').value")).Should().Be("wrong");
        (await page.Evaluate<string>("location.hash")).Should().StartWith("#questions?label=wrong");
    }

    [Fact]
    public async Task Question_Dialog_ShowsThePromptAsSentWithTheImagesTokensCounted()
    {
        var page = Page;
        foreach (var (study, before, after) in SampleReports.Studies.Zip(["USER: ", "", "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
            + "<|im_start|>user\n<|vision_start|>"], [" ASSISTANT:", "\n", "<|im_end|>\n<|im_start|>assistant\n"]))
        {
            var question = study.Questions[5];
            await page.Open(browser.Whole, $"#questions?open={Uri.EscapeDataString($"{study.Subject}/{question.Id}")}");
            await page.Until("document.querySelector('dialog[open] .prompt')");
            var (token, between) = study.Family switch
            {
                "llava" => ("<image>", "\n"), "paligemma" => ("<image>", "<bos>answer en "), _ => ("<|image_pad|>", "<|vision_end|>"),
            };
            (await page.Evaluate<string>("document.querySelector('dialog .prompt').textContent")).Should()
                .Be($"{before}{token} × {question.Grid.Height * question.Grid.Width}{between}{question.Question}{after}");
        }

        await page.Open(browser.Large, "#questions");
        await page.Run("document.querySelector('#questions-table button.open').click()");
        (await page.Evaluate<string>("document.querySelector('dialog dl').textContent")).Should().Contain("not recorded in the run’s folder");
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task History_Page_HasALineByRunAndSaysWhatIsNotRecorded()
    {
        var page = Page;
        await page.Open(browser.History, "#history");
        (await page.Evaluate<string[]>("[...document.querySelectorAll('.page:not([hidden]) tbody th')].map(e => e.textContent)")).Should()
            .Equal("2026-04-01 00:00 UTCapril", "2026-03-01 00:00 UTCmarch", "2026-02-01 00:00 UTCfebruary", "date not recordedold");
        var rows = await page.Evaluate<string[]>("[...document.querySelectorAll('.page:not([hidden]) tbody tr')].map(e => e.textContent)");
        rows[0].Should().Contain("444444444444 with uncommitted changes").And.Contain("other questions").And.Contain("answers lost")
            .And.Contain("file.model.safetensors");
        rows[1].Should().Contain("no answer changed between right and wrong").And.Contain("same model and settings");
        rows[2].Should().Contain("settings are not recorded");
        rows[3].Should().Contain("not recorded").And.Contain("the first");

        await page.Run("for (const c of document.querySelectorAll('.page:not([hidden]) .plot canvas')) c.entry.draw()");
        (await page.Evaluate<bool[]>($"[...document.querySelectorAll('.page:not([hidden]) .plot canvas')].map({Blank})")).Should().NotBeEmpty()
            .And.NotContain(true);
        var lines = await page.Evaluate<string[]>("DATA.history[0].metrics.map(metric => metric.name)");
        (await page.Evaluate<string[]>("[...document.querySelectorAll('.page:not([hidden]) figure h4')].map(e => e.textContent)")).Should().Equal(lines);
        // Labels say commit and day, and the line is broken where the questions became others.
        (await page.Evaluate<string>("JSON.stringify(DATA.history[0].runs.map(runLabel))")).Should()
            .Be("""[["old","no date, no commit"],["2222222","2026-02-01"],["3333333","2026-03-01"],["4444444*","2026-04-01"]]""");
        (await page.Evaluate<double?[]>("Chart.getChart(document.querySelector('.page:not([hidden]) .plot canvas')).data.datasets[0].data"
            + ".map(point => point.y)")).Should().HaveCount(5).And.Subject.Select(y => y is null).Should().Equal(false, false, false, true, false);
        // The other pages are of the newest run, whose accuracy over time is on the first.
        (await page.Evaluate<int>("SUBJECTS[0].questions.id.length")).Should().Be(419);
        await page.Run("location.hash = '#overview'");
        await page.Until("document.querySelector('.page:not([hidden])')?.dataset.page === 'overview'");
        (await page.Evaluate<string[]>("[...document.querySelectorAll('.page:not([hidden]) figure h4')].map(e => e.textContent)")).Should().Contain("accuracy");
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Phone_Header_TakesOneLine()
    {
        var page = Page;
        await page.Size(390, 800);
        try
        {
            await page.Open(browser.Whole);
            (await page.Evaluate<double>("document.querySelector('.top').getBoundingClientRect().height")).Should().BeLessThan(56);
        }
        finally
        {
            await page.Size(1280, 900);
        }
    }

    /// <summary>Not a check: pictures for a person to look at.</summary>
    [Fact]
    public async Task Screenshots_WhereAskedFor_AreWritten()
    {
        var folder = Environment.GetEnvironmentVariable("VRP_SCREENSHOTS");
        Assert.SkipWhen(folder is null, "VRP_SCREENSHOTS=FOLDER (and VRP_SCREENSHOTS_OF=report.html) writes screenshots of the report there.");
        var page = Page;
        var file = Environment.GetEnvironmentVariable("VRP_SCREENSHOTS_OF") ?? browser.Whole;
        Directory.CreateDirectory(folder!);
        foreach (var (name, width, scheme) in new[] { ("light", 1280, "light"), ("dark", 1280, "dark"), ("phone", 400, "light") })
        {
            await page.Size(width, 900);
            await page.Scheme(scheme);
            await page.Open(file);
            foreach (var id in await page.Evaluate<string[]>("PAGES.map(page => page.id)"))
            {
                if (name != "light" && id.StartsWith("claim", StringComparison.Ordinal)
                    && id is not ("claim/hidden-state-probe" or "claim/neuron-ablation")) continue;
                await page.Run($"location.hash = '#{id}'");
                await page.Until($"document.querySelector('.page:not([hidden])')?.dataset.page === '{id}'");
                await page.Run("for (const c of document.querySelectorAll('.page:not([hidden]) .plot canvas')) c.entry.draw()");
                await Task.Delay(300);
                await File.WriteAllBytesAsync(Path.Combine(folder!, $"{name}-{id.Replace("claim/", "", StringComparison.Ordinal)}.png"),
                    await page.Screenshot(whole: true));
                if (id == "overview") await File.WriteAllBytesAsync(Path.Combine(folder!, $"{name}-top.png"), await page.Screenshot());
            }
        }

        await page.Size(1280, 900);
        await page.Scheme("light");
        await page.Open(file);
        await File.WriteAllBytesAsync(Path.Combine(folder!, "print.pdf"), await page.Pdf());
        page.Complaints.Should().BeEmpty();
    }
}
