using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>architecture-split: the excess of top over random units, late minus early, on the same questions.</summary>
public sealed class ArchitectureSplit : Claim
{
    /// <inheritdoc/>
    public override bool IsOverSubjects => true;

    public override string Id => "architecture-split";

    public override string Text => "Late fusion (LLaVA) concentrates reliability in a few units, early fusion (PaliGemma, Qwen2-VL) distributes it.";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        new("concentration", "loss by the top 5, late minus early, percentage points", -8.3, null, null,
            "the contrast of the ablation and destruction rows; no interval"),
    ];

    public override string PublishedForm =>
        $"LLaVA loses at least {100 * NeuronAblation.Loss:0} points by its top 5 units and the other families at most "
        + $"{100 * LayerDestruction.PrintedLoss:0} by half of the layer.";

    public override string JudgedForm =>
        "The excess of top over random units, averaged over doses up to 5 % of the layer, costs the late-fusion model at least "
        + $"{100 * StudyOptions.NoAccuracy:0} point more than each early-fusion model.";

    public override string Method =>
        "Difference of dose curves (zero ablation, all positions where the grid was run there, else the last position), same protocol, same questions "
        + "paired by id, cluster-robust mean over images, each early family against the late one. \"late\" and \"early\" are the study's names for the "
        + "families and no finding.";

    public override string SupportedWhen => $"against each early-fusion model the difference is entirely below −{100 * StudyOptions.NoAccuracy:0} point";

    public override string RefutedWhen => $"against one of them it is entirely above −{100 * StudyOptions.NoAccuracy:0} point";

    public override string NotRunWhen => "fewer than one late and one early family, or their ablations are missing (a single study is NotRun: `vrp compare`)";

    public override IReadOnlyList<string> Traps =>
    [
        OneProtocol,
        "Three checkpoints are three points: a difference between families is not yet an effect of fusion, which the report says.",
    ];

    /// <summary>A single model cannot be judged: the claim compares families.</summary>
    internal override Decision Judge(ClaimRun run) =>
        throw new NotRunException($"{run.Study.Family.Title()} alone is no contrast: at least one late-fusion and one early-fusion family are needed.",
            "`vrp compare` over the run folders");

    /// <summary>Judges several subjects together; the result's deciding rows belong to the comparison's estimates.</summary>
    public ClaimResult Judge(IReadOnlyList<StudyResult> studies, StudyOptions options)
    {
        var (deciding, notes) = (new List<StudyEstimate>(),
            new List<string> { $"\"late\" and \"early\" are the study's names for the families; {studies.Count} checkpoints are {studies.Count} points, and a "
                + "difference between them is not yet an effect of fusion." });
        var decision = Decision.OrNotRun(() => Decide(studies, options, deciding));
        return new ClaimResult(Id, decision.Verdict, decision.Reason, decision.WouldSettle, Assert(studies), JudgedForm, deciding, notes);
    }

    /// <summary>Each late subject with each early one.</summary>
    public static IEnumerable<(StudyResult Late, StudyResult Early)> Pairs(IReadOnlyList<StudyResult> studies) =>
        from late in studies where late.ModelFamily.Fusion() == "late" from early in studies where early.ModelFamily.Fusion() == "early" select (late, early);

    Decision Decide(IReadOnlyList<StudyResult> studies, StudyOptions options, List<StudyEstimate> deciding)
    {
        var ablation = ClaimRegistry.Get<NeuronAblation>().Id;
        var pairs = Pairs(studies).ToArray();
        if (pairs.Length == 0)
            throw new NotRunException($"{string.Join(", ", studies.Select(study => study.Family))}: at least one late-fusion (llava) and one early-fusion "
                + "subject (paligemma, qwen2_vl) are needed.", "a run folder of the other side");
        var decisions = new List<Decision>();
        foreach (var (late, early) in pairs)
        {
            foreach (var study in new[] { late, early })
                if (study.Verdicts.FirstOrDefault(verdict => verdict.Claim == ablation) is not { Verdict: not NotRun })
                    throw new NotRunException($"{study.Subject} has no ablation to compare: "
                        + $"{study.Verdicts.FirstOrDefault(verdict => verdict.Claim == ablation)?.Reason}", "`vrp study` with --budget full");
            if (late.Data != early.Data) throw new NotRunException($"{late.Subject} answered {late.Data}, {early.Subject} {early.Data}: dose curves compare "
                + "on the same questions only.", "the same --data for all subjects");
            // At all positions as the study did, where both were run so.
            var positions = new[] { "all", "last" }.FirstOrDefault(name => new[] { late,
                early }.All(study => study.Questions.Any(question => question.Excess.ContainsKey(name))))
                ?? throw new NotRunException($"{late.Subject} and {early.Subject} have no dose of at most 5 % of the layer in common.",
                    "`vrp study` with --budget full");
            var ofEarly = early.Questions.Where(question => question.Excess.ContainsKey(positions)).ToDictionary(question => question.Id,
                question => question.Excess[positions]);
            var common = late.Questions.Where(question => question.Excess.ContainsKey(positions) && ofEarly.ContainsKey(question.Id)).ToArray();
            if (common.Length < options.MinimumCell) throw new NotRunException($"{late.Subject} and {early.Subject} have {common.Length} ablated questions in "
                + $"common, fewer than {options.MinimumCell}.", "the same --seed for both studies");
            var estimate = PairedDifference.Interval([.. common.Select(question => Math.Round(question.Excess[positions] - ofEarly[question.Id], 12))],
                [.. common.Select(question => question.IsCorrect ? 1.0 : 0)], Groups.From(common.Select(question => question.Group)), options.Level);
            deciding.Add(new StudyEstimate(Id, "excess_difference", "all", null, $"{late.Subject} - {early.Subject}: {positions}", estimate));
            decisions.Add(Decision.Below($"excess loss by top units, {late.Subject} (late) minus {early.Subject} (early)", estimate, -options.AccuracyMargin));
        }

        return Decision.All(decisions);
    }

    PublishedOutcome Assert(IReadOnlyList<StudyResult> studies)
    {
        var (ablation, destruction) = (ClaimRegistry.Get<NeuronAblation>().Id, ClaimRegistry.Get<LayerDestruction>().Id);
        double? Of(StudyResult study, string claim, string measure)
        {
            var depth = study.ModelFamily.Map(study.ModelFamily.StudyAblationLayer(), study.Layers);
            return study.Estimates.FirstOrDefault(row => row.Claim == claim && row.Measure == measure && row.Layer == depth
                && row.Arm?.StartsWith("zero-all", StringComparison.Ordinal) == true)?.Estimate.Value;
        }

        double?[] late = [.. studies.Where(study => study.ModelFamily.Fusion() == "late").Select(study => Of(study, ablation, "top5_loss"))];
        double?[] early = [.. studies.Where(study => study.ModelFamily.Fusion() == "early").Select(study => Of(study, destruction, "random_half"))];
        if (late.Length == 0 || early.Length == 0 || late.Concat(early).Any(value => value is null)) return new PublishedOutcome(PublishedForm, null,
            "not computed: both sides' ablations are needed");
        string Show(double?[] values) => string.Join(", ", values.Select(value => NumberText.Number(value!.Value)));
        return new PublishedOutcome(PublishedForm, late.All(value => value <= -NeuronAblation.Loss)
            && early.All(value => value >= -LayerDestruction.PrintedLoss), $"late: top 5 {Show(late)}; early: random half {Show(early)}");
    }

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        yield return Families(Supported, "the late model falls by its top 5, the early ones do not", 0.3, 0);
        yield return Families(Refuted, "none falls by its top 5", 0, 0);
        yield return Families(Inconclusive, "the late model falls by a point or two, 100 questions", 0.03, 0, images: 30);
        yield return new ClaimScenario(Id, NotRun, "early models only", () => Compare([("paligemma", 0.0), ("qwen2_vl", 0.0)], 60));
        yield return Planted(NotRun, "one study alone", new SyntheticTrace { Images = 20 });

        ClaimScenario Families(Verdict expected, string truth, double late, double early, int images = 250) =>
            new(Id, expected, truth, () => Compare([("llava", late), ("paligemma", early), ("qwen2_vl", early)], images));
    }

    static ClaimResult Compare(IReadOnlyList<(string Family, double Loss)> subjects, int images)
    {
        string[] needed = [ClaimRegistry.Get<NeuronAblation>().Id, ClaimRegistry.Get<LayerDestruction>().Id];
        return Comparison.Of([.. subjects.Select(subject =>
        {
            // One seed for all: the same questions, and so the same split and the same ablated questions.
            var trace = new SyntheticTrace { Family = subject.Family, Layers = 4, Hidden = 20, Images = images, State = 2, PlantedLayer = 2 }.Build();
            return Study.Analyze(trace, ClaimScenarios.Units(subject.Loss, 0).Build(trace, ClaimScenarios.Options), ClaimScenarios.Options, only: needed);
        })], ClaimScenarios.Options).Split;
    }
}
