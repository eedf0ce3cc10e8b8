using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;
using Vrp.Models.Hooks;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>layer-destruction: whether the loss of half of a layer is absorbed, read from the dose curves of neuron-ablation.</summary>
public sealed class LayerDestruction : Claim
{
    /// <summary>"At most 1 point" as the study reads it, in shares.</summary>
    internal const double PrintedLoss = 0.01;

    public override string Id => "layer-destruction";

    public override string Text => "The model absorbs the loss of about half of its peak layer (the study: PaliGemma and Qwen2-VL).";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        new("random_half", "accuracy after losing half of the layer minus before, percentage points", null, -1.0, 1.0,
            "PaliGemma L15 97.0 → 96.0 (1,000 of 2,048 random units); Qwen2-VL L25 55.0 → 56-58 (500-2,000 of 3,584)") { Arm = "zero-all-random", Scale = 100 },
        new("top10", "by the top 10", null, -0.7, null,
            "97.0 → 96.3") { Row = "accuracy_change", RowClaim = "neuron-ablation", Arm = "zero-last-top-10", Scale = 100 },
    ];

    public override string PublishedForm =>
        $"Accuracy after the loss of a random half of the layer is at most {100 * StudyOptions.NoAccuracy:0} point lower, as a point.";

    public override string JudgedForm =>
        $"Non-inferiority at {100 * StudyOptions.NoAccuracy:0} point: zero ablation at all positions of a random half, and of the half that the probe "
        + "leans on most, at the study's depth.";

    public override string Method =>
        "The 50 % row of the ablation's grid, the same for all families; paired differences per question, mean over draws for random halves, "
        + $"cluster-robust mean over images; the n that {100 * StudyOptions.NoAccuracy:0} point needs is printed; {Enough}.";

    public override string SupportedWhen => $"both differences are entirely above −{100 * StudyOptions.NoAccuracy:0} point";

    public override string RefutedWhen => $"one difference is entirely below −{100 * StudyOptions.NoAccuracy:0} point";

    public override string NotRunWhen => "the intervention stage has not run with a budget that is large enough";

    public override IReadOnlyList<string> Traps =>
    [
        "97.0 → 96.0 on a few hundred questions decides nothing about 1 point: the needed n is printed.",
        OneProtocol,
    ];

    internal override Decision Judge(ClaimRun run)
    {
        var doses = new DoseTable(run.Study);
        doses.ThrowIfTooSmall();
        var rows = doses.Arms.Every;
        var layer = doses.StudyLayer;
        var top = doses.Need(layer, UnitSelection.Top, doses.Half);
        var random = doses.NeedDraws(layer, doses.Half);
        var decisions = new List<Decision>();
        foreach (var (name, cell) in new[] { ("random_half", random), ("top_half", top) })
        {
            var change = doses.Change(cell);
            var arm = $"zero-all-{(cell == top ? "top" : "random")}";
            var estimate = run.Decisive(name, doses.Interval(change, rows), "all", layer, arm);
            run.Add($"{name}_bootstrap", run.Study.Bootstrap(doses.Arms.Groups).Percentile(GroupStatistics.Mean(change, doses.Arms.Groups), run.Options.Level),
                layer: layer, arm: arm);
            var needed = Needed(run, change, doses.Arms.Groups);
            run.Point($"{name}_needed_n", needed, estimate.N, estimate.Groups, "non-inferiority-80-percent-power", layer: layer, arm: arm);
            run.Notes.Add($"{name}: showing a loss of at most {100 * run.Options.AccuracyMargin:0.#} point with 80 % power needs about {needed:N0} questions "
                + $"if there is none; {estimate.N:N0} were scored.");
            var decision = Decision.Above($"accuracy change by losing the {name.Replace('_', ' ')} of layer {layer}", estimate, -run.Options.AccuracyMargin);
            decisions.Add(decision.Verdict == Verdict.Inconclusive ? decision with { WouldSettle = $"{decision.WouldSettle}; about {needed:N0} questions if "
                + "the true loss is 0" } : decision);
            if (name == "random_half") run.Published(estimate.Value >= -PrintedLoss, $"random half of layer {layer}: {estimate}");
        }

        foreach (var other in doses.Layers.Where(other => other != layer))
            foreach (var selection in new[] { UnitSelection.Top, UnitSelection.Random })
                if (doses.Find(other, AblationMode.Zero, Positions.All, selection, doses.Half) is { } cell)
                    run.Add($"{selection.ToString().ToLowerInvariant()}_half", doses.Interval(doses.Change(cell), rows), "all", other,
                        $"zero-all-{selection.ToString().ToLowerInvariant()}");
        return Decision.All(decisions);
    }

    /// <summary>By the variance that the differences have, images as units; where none differs, as if one question did.</summary>
    static int Needed(ClaimRun run, double[] change, Groups groups)
    {
        var estimate = ClusteredMean.Interval(change, groups, run.Options.Level);
        var error = (estimate.High - estimate.Low) / 2 / Distribution.StudentCritical(run.Options.Level, groups.Count - 1);
        var perRow = Math.Clamp(error * error * change.Length, 1.0 / change.Length, 1);
        return Power.NeededForNonInferiority(run.Options.AccuracyMargin, perRow, 1, (1 - run.Options.Level) / 2);
    }

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var model = ClaimScenarios.Ablatable;
        yield return Ablated(Supported, "half of the layer costs nothing", model, ClaimScenarios.Units(top: 0, random: 0));
        yield return Ablated(Refuted, "half of the layer costs 25 points", model, ClaimScenarios.Units(top: 0.35, random: 0.35));
        yield return Ablated(Inconclusive, "half of the layer costs 1 point, 120 questions", model with { Images = 30 },
            ClaimScenarios.Units(top: 0.015, random: 0.015));
        yield return Ablated(NotRun, "the quick budget", model with { Images = 60 },
            ClaimScenarios.Units(top: 0, random: 0) with { Budget = InterventionBudget.Quick });
    }
}

/// <summary>layer-destruction in a study: accuracy without half of the layer at the study's depth, minus with it.</summary>
public sealed class DestructionEstimates(StudyResult study) : ClaimEstimates<LayerDestruction>(study)
{
    /// <summary>A random half, mean over draws.</summary>
    public StudyEstimate RandomHalf => Row("random_half", layer: StudyLayer, arm: "zero-all-random");

    /// <summary>The half that the probe leans on most.</summary>
    public StudyEstimate TopHalf => Row("top_half", layer: StudyLayer, arm: "zero-all-top");

    int StudyLayer => Study.ModelFamily.Map(Study.ModelFamily.StudyAblationLayer(), Study.Layers);
}

/// <summary>Finds layer-destruction in a study.</summary>
public static class DestructionOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="DestructionEstimates"/>
        public DestructionEstimates Destruction => new(study);
    }
}
