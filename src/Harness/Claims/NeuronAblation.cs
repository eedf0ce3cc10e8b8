using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>neuron-ablation: whether a few units are a bottleneck, read from the dose curves that layer-destruction reads too.</summary>
public sealed class NeuronAblation : Claim
{
    /// <summary>Loss of accuracy by the top five units that makes a bottleneck, in shares.</summary>
    public const double Loss = 0.05;

    const int Five = 5;

    public override string Id => "neuron-ablation";

    public override string Text =>
        "There is a fragile late bottleneck: switching off the five units that the probe leans on most costs at least five points of accuracy (the "
        + "study: LLaVA).";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        new("top5_object_identification", "accuracy lost by the top 5, object identification, percentage points", -8.3, null, null,
            "one question of twelve") { Row = "top5_loss", Kind = "identify", Arm = "zero-all-top-5", StudyLayer = 31, Scale = 100 },
        new("top5_overall", "the same, all questions", -2.0, null, null,
            "layer 31 of 32") { Row = "accuracy_change", Arm = "zero-all-top-5", StudyLayer = 31, Scale = 100 },
        new("random5", "by 5 random units, or one", 0, null, null) { Row = "accuracy_change", Arm = "zero-all-random-5", StudyLayer = 31, Scale = 100 },
    ];

    public override string PublishedForm =>
        $"Accuracy on object identification falls by at least {100 * Loss:0} points (all questions where the set has fewer than 30 of that kind).";

    public override string JudgedForm =>
        $"Zero ablation of the top 5 units costs more than {100 * Loss:0} points of accuracy, and more than norm-matched random units do, at the study's "
        + "depth or at the probe's best layer.";

    public override string Method =>
        "Units are coordinates of an MLP block's output, ranked by |weight × standard deviation| of an L2 probe on that output at the last prompt "
        + "position, fitted on other images than those scored; layers: the probe's best and the study's depth (L31 of 32, L15 of 18, L25 of 28); zero, "
        + "mean and resample ablation; top, bottom, random and norm-matched random units for k = 1, 5, 10, 50, 5 %, 25 %, 50 %; decided at all positions, "
        + $"zero ablation, the study's own way; {Enough}. Cluster-robust paired means, bootstrap, exact McNemar, grouped sign-flip.";

    public override string SupportedWhen =>
        $"at one of the two layers the loss is entirely below −{100 * Loss:0} points and its excess over random units entirely below 0";

    public override string RefutedWhen => $"at both layers the loss is entirely above −{100 * Loss:0} points";

    public override string NotRunWhen => "the intervention stage has not run with a budget that is large enough";

    public override IReadOnlyList<string> Traps =>
    [
        "−8.3 points is one question of twelve: exact tests, no figure per kind under 30 questions.",
        "Units chosen on the questions that they are scored on are chosen for their accidents: the ranking comes from other images.",
        "Large units matter more whatever they code: random units are matched in norm.",
        "4-5 chosen neurons collapse LLaVA-1.5-7B entirely elsewhere (arXiv 2512.00918).",
        OneProtocol,
    ];

    internal override Decision Judge(ClaimRun run)
    {
        var doses = new DoseTable(run.Study);
        Curves(run, doses);
        var identify = doses.Arms.OfKind(QuestionKind.Identify);
        var rows = identify.Length >= run.Options.MinimumCell ? identify : doses.Arms.Every;
        var kind = identify.Length >= run.Options.MinimumCell ? QuestionKind.Identify.Name() : "all";
        if (kind == "all") run.Notes.Add($"{identify.Length} identification questions, fewer than {run.Options.MinimumCell}: judged on all questions.");
        doses.ThrowIfTooSmall();

        var decisions = new List<Decision>();
        foreach (var layer in doses.Layers)
        {
            var top = doses.Need(layer, UnitSelection.Top, Five);
            var random = doses.NeedDraws(layer, Five);
            var loss = run.Decisive("top5_loss", doses.Interval(doses.Change(top), rows), kind, layer, top.Key.Name);
            var excess = run.Decisive("top5_excess_over_random", doses.Interval(doses.Excess(top, random), rows), kind, layer, top.Key.Name);
            Tests(run, doses, top, rows, kind);
            var where = layer == doses.StudyLayer ? $"layer {layer} (the study's depth)" : $"layer {layer} (the probe's best)";
            var atFive = Decision.Below($"accuracy change by the top 5 units at {where}", loss, -run.Options.BottleneckLoss);
            // The excess over random units can withhold support from a loss and cannot refute it: only the loss itself refutes.
            var specific = Decision.Below($"its excess over random units at {where}", excess, 0);
            decisions.Add(atFive.Verdict != Verdict.Supported || specific.Verdict == Verdict.Supported ? atFive
                : specific with { Verdict = Verdict.Inconclusive, WouldSettle = specific.WouldSettle ?? "nothing: any five units cost as much" });
        }

        var paper = run.Deciding.Where(row => row.Measure == "top5_loss").OrderBy(row => row.Layer == doses.StudyLayer ? 0 : 1).First();
        run.Published(paper.Value <= -Loss, $"top 5 at layer {paper.Layer}, {paper.Kind}: {paper.Estimate}");
        return Decision.Any(decisions);
    }

    /// <summary>Every point of every curve: change of accuracy, and for single arms the exact test.</summary>
    static void Curves(ClaimRun run, DoseTable doses)
    {
        run.Add("accuracy", ClusteredMean.Interval(doses.Arms.Baseline, doses.Arms.Groups, run.Options.Level), arm: "none");
        foreach (var cell in doses.Cells)
        {
            run.Add("accuracy_change", PairedDifference.Interval(doses.Change(cell), doses.Arms.Baseline, doses.Arms.Groups, run.Options.Level),
                layer: cell.Key.Layer, arm: cell.Key.Name);
            if (cell.Arms.Length > 1) continue;
            run.Point("mcnemar_p", McNemar.Test(doses.Arms.Correct(0), doses.Arms.Correct(cell.Arms[0])).P, doses.Arms.Questions.Count,
                doses.Arms.Questions.Count, "mcnemar-exact",
                layer: cell.Key.Layer, arm: cell.Key.Name);
        }
    }

    static void Tests(ClaimRun run, DoseTable doses, DoseTable.Cell top, int[] rows, string kind)
    {
        var all = doses.Change(top);
        double[] change = [.. rows.Select(i => all[i])];
        var groups = doses.Arms.Groups.Select(rows);
        run.Add("top5_loss_bootstrap", run.Study.Bootstrap(groups).Percentile(GroupStatistics.Mean(change, groups), run.Options.Level), kind, top.Key.Layer,
            top.Key.Name);
        var flip = SignFlip.Test(change, groups, run.Options.Draws, run.Options.Seed);
        run.Point("sign_flip_p", flip.P, flip.N, flip.Groups, flip.Exact ? "sign-flip-exact" : $"sign-flip-{flip.Draws}", kind, top.Key.Layer, top.Key.Name,
            run.Options.Seed);
        foreach (var each in Enum.GetValues<QuestionKind>())
        {
            var own = doses.Arms.OfKind(each);
            if (own.Length >= run.Options.MinimumCell && each.Name() != kind) run.Add("top5_loss", doses.Interval(all, own), each.Name(), top.Key.Layer,
                top.Key.Name);
        }
    }

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var model = ClaimScenarios.Ablatable;
        yield return Ablated(Supported, "the top 5 cost 25 points, random ones 1", model, ClaimScenarios.Units(top: 0.35, random: 0.01));
        yield return Ablated(Refuted, "the top 5 cost nothing", model, ClaimScenarios.Units(top: 0, random: 0));
        yield return Ablated(Inconclusive, "the top 5 cost about 5 points, 120 questions", model with { Images = 30 },
            ClaimScenarios.Units(top: 0.08, random: 0));
        yield return Ablated(Inconclusive, "any five units cost 25 points", model with { Images = 60 }, ClaimScenarios.Units(top: 0.35, random: 0.35));
        yield return Ablated(NotRun, "the quick budget", model with { Images = 60 },
            ClaimScenarios.Units(top: 0.35, random: 0.01) with { Budget = InterventionBudget.Quick });
    }
}

/// <summary>neuron-ablation in a study.</summary>
public sealed class AblationEstimates(StudyResult study) : ClaimEstimates<NeuronAblation>(study)
{
    /// <summary>What the top five units of a layer cost, and what of that random units do not.</summary>
    public sealed record Top5(int Layer, StudyEstimate Loss, StudyEstimate ExcessOverRandom);

    /// <summary>At the study's depth and at the probe's best layer, the study's first; on object identification where the set has enough of it.</summary>
    public IReadOnlyList<Top5> ByLayer => [.. Rows("top5_excess_over_random")
        .Select(row => new Top5(row.Layer!.Value, Row("top5_loss", row.Kind, row.Layer, row.Arm), row)).OrderBy(top => top.Layer == StudyLayer ? 0 : 1)];

    int StudyLayer => Study.ModelFamily.Map(Study.ModelFamily.StudyAblationLayer(), Study.Layers);
}

/// <summary>Finds neuron-ablation in a study.</summary>
public static class AblationOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="AblationEstimates"/>
        public AblationEstimates Ablation => new(study);
    }
}
