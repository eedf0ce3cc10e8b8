using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Gating;
using Vrp.Harness.Intervening;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Reporting;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;
using Vrp.Harness.Storage;
using Vrp.Harness.Studies;
using Vrp.Harness.Tests.Claims;
using Vrp.Models;

namespace Vrp.Harness.Tests.Reporting;

/// <summary>Reports over made-up studies that several tests start from, with run folders and pictures on the disk.</summary>
static class SampleReports
{
    /// <summary>Text that would break a page, a table, a workflow command or an XML file that does not escape.</summary>
    public const string Hostile = "</script><script>window.broken=1</script><img src=x onerror=window.broken=2> ' \" ` | & \u2028\u2029 \u202Eevil\u202C שלום "
        + "\0 \uD83D x\r\n::error::y ]]> <!-- --> @team #1";

    static readonly Lazy<TemporaryFolder> folder = new(() => new TemporaryFolder());

    static readonly Lazy<StudyResult[]> studies = new(() => [Make("llava", 3.5, 0.2, 1), Make("paligemma", 1, 0, 1), Make("qwen2_vl", 2, 0.05, 1)]);

    public static IReadOnlyList<StudyResult> Studies => studies.Value;

    /// <summary>The fixture world's pictures stand for the made-up ones.</summary>
    public static string? Picture(string name) => int.TryParse(Path.GetFileNameWithoutExtension(name), out var number)
        ? Fixtures.At("world", "images", $"world_{number + 1:0000}.png") : null;

    /// <summary>Three subjects, a comparison, a ledger with one surprise and one gap, a regressed gate.</summary>
    public static Report Whole =>
        new("Made-up studies", [.. Studies.Select(study => new ReportSubject(study, Picture))], comparison.Value, Ledger(Studies),
        Gate(Studies[0], Studies[1])) { Origin = Origin };

    /// <summary>The first subject held against the second, as `vrp gate --baseline --candidate` reports it.</summary>
    public static Report Upgrade => Report.OfUpgrade(Gate(Studies[0], Studies[1]), new ReportSubject(Studies[0], Picture),
        new ReportSubject(Studies[1], Picture)) with { Origin = Origin };

    const string Commit = "0123456789abcdef0123456789abcdef01234567";

    /// <summary>Four runs of the first subject, given in another order than they were made in: an old one without run.json, one that is as the next, and one of
    /// April with other weights, some other answers and a question left out.</summary>
    public static string[] Runs(TemporaryFolder into)
    {
        var study = Studies[0];
        string Run(string name, StudyResult result, RunOrigin? origin, char weights = 'b')
        {
            var run = into.At(name);
            RunFolder.Write(run, result);
            if (origin is null) return run;
            RunFile.Update(run, "trace", new { Facts = new Dictionary<string, string> { ["file.model.safetensors"] = new string(weights, 64) } });
            origin.Write(run);
            return run;
        }

        var changed = study with
        {
            Questions = [.. study.Questions.Skip(1).Select((question, i) => i % 7 == 0 && question.IsJudged
                ? question with { Label = question.IsCorrect ? AnswerStatus.Wrong : AnswerStatus.Correct } : question)],
            Verdicts = [.. study.Verdicts.Select(found => found.Claim == "fusion" ? found with { Verdict = Verdict.NotRun } : found)],
        };
        RunOrigin Of(int month, bool? dirty) => new(new DateTimeOffset(2026, month, 1, 0, 0, 0, TimeSpan.Zero), new string((char)('0' + month), 40), dirty);
        return [Run("april", changed, Of(4, true) with { CiRun = new Uri("https://git.example/some/where/actions/runs/7") }, 'c'), Run("old", study, null),
            Run("march", study, Of(3, false)), Run("february", study, Of(2, null))];
    }

    /// <summary>Where <see cref="Whole"/> says that it comes from.</summary>
    public static ReportOrigin Origin => new(new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero), "vrp gate --out artifacts/gate", "0123456789ab",
        new Uri("https://git.example/some/where/actions/runs/7"));

    /// <summary>Three subjects whose verdicts are all expected; several claims are refuted.</summary>
    public static Report Calm => new("Calm", [.. Studies.Select(study => new ReportSubject(study, Picture))], comparison.Value,
        [.. Headline.Verdicts(Whole).Select(each => new LedgerCheck(each.Claim, each.Subject,
            new LedgerEntry(each.Claim, each.Subject, each.Verdict, "made up"), each.Verdict, "made up", null))]);

    static readonly Lazy<Comparison> comparison = new(() => Comparison.Of(Studies, TestTraces.Options));

    /// <summary>Every verdict expected but one that differs and one that is new.</summary>
    public static IReadOnlyList<LedgerCheck> Ledger(IReadOnlyList<StudyResult> all) =>
    [
        .. all.SelectMany(study => study.Verdicts.Select(found => new LedgerCheck(found.Claim, study.Subject, (study.Family, found.Claim) switch
        {
            ("llava", "fusion") => null,
            ("qwen2_vl", "sparse-probe") =>
                new LedgerEntry(found.Claim, study.Subject, found.Verdict == Verdict.Supported ? Verdict.Refuted : Verdict.Supported, "made up"),
            _ => new LedgerEntry(found.Claim, study.Subject, found.Verdict, "made up"),
        }, found.Verdict, found.Reason, found.WouldSettle))),
    ];

    public static GateResult Gate(StudyResult baseline, StudyResult candidate, GateOutcome outcome = GateOutcome.Regression)
    {
        // Made-up subjects of one seed are right on the same questions: every seventh of the candidate is turned round.
        static AnswerStatus Turned(QuestionResult question) => question.IsCorrect ? AnswerStatus.Wrong : AnswerStatus.Correct;
        var other = candidate.Questions.Select((question, i) => i % 7 == 0 ? question with { Label = Turned(question) } : question)
            .ToDictionary(question => question.Id);
        Flip[] flips = [.. baseline.Questions.Where(question => question.Label != other[question.Id].Label)
            .Select(question => new Flip(question, other[question.Id])).OrderByDescending(flip => flip.Lost)];
        var accuracy = Estimates(0.71, 0.69, 0.73);
        return new GateResult(baseline.Subject, candidate.Subject, baseline.Data, baseline.Questions.Count, 60,
        [
            new MetricResult("accuracy", "share of right answers", accuracy, Estimates(0.66, 0.64, 0.68), Estimates(-0.05, -0.07, -0.03), 0.01, 0.0004, 0.0016,
                MetricOutcome.Regressed, "the whole interval lies below −0.01"),
            new MetricResult("probe_auroc", "AUROC of the linear probe", Estimates(0.9, 0.88, 0.92), Estimates(0.9, 0.88, 0.92), Estimates(0, -0.004, 0.004),
                0.02, 0.5, 1, MetricOutcome.NonInferior, "the whole interval lies above −0.02"),
            new MetricResult("ece", "calibration error", Estimates(0.1, 0.08, 0.12), Estimates(0.11, 0.08, 0.13), Estimates(-0.01, -0.03, 0.01), 0.02, null,
                null, MetricOutcome.Undecided, "about 4,000 questions would decide"),
            new MetricResult("ablation", "fragility", null, accuracy, null, 0.02, null, null, MetricOutcome.NotMeasured, "the baseline has no ablation"),
        ], flips, [new VerdictChange("hidden-state-probe", Verdict.Supported, Verdict.Refuted, "made up")], outcome,
            ["accuracy fell by 5 points [−7, −3], margin 1"]);
    }

    /// <summary>3 subjects × 3,090 samples about 500 picture names, with the grids of LLaVA, PaliGemma and Qwen2-VL.</summary>
    public static Report StudySize(TemporaryFolder folder)
    {
        var random = new Random(1);
        var subjects = new List<ReportSubject>();
        foreach (var (study, side) in Studies.Zip([24, 16, 20]))
        {
            QuestionResult[] questions = [.. Enumerable.Range(0, 3090).Select(i => study.Questions[i % study.Questions.Count] with
            {
                Id = $"sample-{i}", Image = $"{i % 500}.png", Question = $"Is there a thing number {i} somewhere in the image, on the left?",
                    Answer = i % 50 == 0 ? $"No, there is none; I see {random.Next()} others." : "no", Grid = (side, side),
            })];
            var run = Directory.CreateDirectory(folder.At(study.Family)).FullName;
            AttentionFilesTests.Write(Path.Combine(run, "attention.safetensors"),
                [.. questions.Select(question =>
                new QuestionMap(question.Id, side, side, [.. Enumerable.Range(0, side * side).Select(_ => random.NextDouble() / side / side * 2)]))]);
            subjects.Add(new ReportSubject(study with { Questions = questions }, Picture, run));
        }

        return new Report("as large as the study", subjects);
    }

    /// <summary>A study whose every text is hostile.</summary>
    public static StudyResult HostileStudy
    {
        get
        {
            var study = Studies[0];
            return study with
            {
                Subject = Hostile, Data = Hostile,
                Questions = [.. study.Questions.Select(question =>
                    question with { Question = Hostile + question.Id, Answer = Hostile, Gold = [Hostile], SampledAnswers = [Hostile, "yes"],
                        Image = question.Image })],
                Verdicts = [.. study.Verdicts.Select(found =>
                    found with { Reason = Hostile, WouldSettle = Hostile, Notes = [Hostile], Published = new PublishedOutcome(Hostile, false, Hostile) })],
            };
        }
    }

    static Estimate Estimates(double value, double low, double high) => new(value, low, high, 0.95, 240, 40, "made-up");

    static StudyResult Make(string family, double state, double loss, ulong seed)
    {
        var trace = (TestTraces.Small with
        {
            Family = family, State = state, Layers = 6, PlantedLayer = 3, Images = 60, Seed = seed, Margins = [-2, -1, 0.5, 2, 3],
                PerImage = [(QuestionKind.YesNo, 4), (QuestionKind.Count, 2), (QuestionKind.Identify, 1)],
            Confidence = 0.6, Sharpness = [-0.5, 0, 0.4, 0.5, 0.4, 0],
        }).Build();
        var interventions = new SyntheticInterventions(arm => arm.Part == InterventionPart.Masking ? (arm.Patches == MaskedPatches.High ? 0.15 : 0.03)
            : arm.Selection == UnitSelection.Top ? loss + 0.005 * arm.Count : 0.01)
        {
            Budget = Vrp.Harness.Claims.InterventionBudget.Full with { Modes = [AblationMode.Zero, AblationMode.Mean], Counts = [1, 2, 5],
                Shares = [0.5] },
        }.Build(trace, TestTraces.Options);
        var result = Study.Analyze(trace, interventions, TestTraces.Options);
        var run = Directory.CreateDirectory(folder.Value.At(family)).FullName;
        RunFolder.Write(run, result);
        RunFile.Update(run, "trace",
            new StageResult("store", new string('a', 64), new Dictionary<string,
            string> { ["model.name"] = family, ["file.model.safetensors"] = new string('b', 64), ["numerics.libtorch"] = "1.13.1",
                ["prompt"] = ModelFamilies.For(family).Chat.Format("{question}", 1) },
            new StageSummary(420, 420, new PassCounts(60, 420, 4200, 9000), 420 * 2048, 12.5), new Dictionary<string,
                double> { ["images"] = 1.5, ["prefill"] = 6 }));
        new RunOrigin(Origin.When!.Value, Commit, false).Write(run);
        return RunFolder.Read(run);
    }
}
