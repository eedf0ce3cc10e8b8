using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Judging;

/// <summary>neuron-ablation and layer-destruction: two readings of the same dose curves.</summary>
static class AblationJudge
{
    const int Five = 5;

    public static Decision Bottleneck(ClaimRun run)
    {
        var doses = new DoseTable(run.Study);
        Curves(run, doses);
        var identify = doses.Arms.OfKind(QuestionKind.Identify);
        int[] rows = identify.Length >= run.Options.MinimumCell ? identify : [.. Enumerable.Range(0, doses.Arms.Samples.Count)];
        var kind = identify.Length >= run.Options.MinimumCell ? QuestionKind.Identify.Name() : "all";
        if (kind == "all") run.Notes.Add($"{identify.Length} identification questions, fewer than {run.Options.MinimumCell}: judged on all questions.");
        ThrowIfTooSmall(run, doses);

        var decisions = new List<Decision>();
        foreach (var layer in doses.Layers)
        {
            var top = Need(doses, layer, UnitSelection.Top, Five);
            var random = NeedDraws(run, doses, layer, Five);
            var loss = run.Decisive("top5_loss", Interval(run, doses, doses.Change(top), rows), kind, layer, top.Key.Name);
            var excess = run.Decisive("top5_excess_over_random", Interval(run, doses, doses.Excess(top, random), rows), kind, layer, top.Key.Name);
            Tests(run, doses, top, rows, kind);
            var where = layer == doses.StudyLayer ? $"layer {layer} (the study's depth)" : $"layer {layer} (the probe's best)";
            var atFive = Decision.Below($"accuracy change by the top 5 units at {where}", loss, -run.Options.BottleneckLoss);
            // The excess over random units can hold a loss back from support, and cannot refute one: refuting is the loss's to do.
            var specific = Decision.Below($"its excess over random units at {where}", excess, 0);
            decisions.Add(atFive.Verdict != Verdict.Supported || specific.Verdict == Verdict.Supported ? atFive : specific with { Verdict = Verdict.Inconclusive, WouldSettle = specific.WouldSettle ?? "nothing: any five units cost as much" });
        }

        var paper = run.Deciding.Where(row => row.Measure == "top5_loss").OrderBy(row => row.Layer == doses.StudyLayer ? 0 : 1).First();
        run.Assert(paper.Estimate.Value <= -0.05, $"top 5 at layer {paper.Layer}, {paper.Kind}: {paper.Estimate}");
        return Decision.Any(decisions);
    }

    public static Decision Destruction(ClaimRun run)
    {
        var doses = new DoseTable(run.Study);
        ThrowIfTooSmall(run, doses);
        int[] rows = [.. Enumerable.Range(0, doses.Arms.Samples.Count)];
        var layer = doses.StudyLayer;
        var top = Need(doses, layer, UnitSelection.Top, doses.Half);
        var random = NeedDraws(run, doses, layer, doses.Half);
        var decisions = new List<Decision>();
        foreach (var (name, cell) in new[] { ("random_half", random), ("top_half", top) })
        {
            var change = doses.Change(cell);
            var arm = $"zero-all-{(cell == top ? "top" : "random")}";
            var estimate = run.Decisive(name, Interval(run, doses, change, rows), "all", layer, arm);
            run.Add($"{name}_bootstrap", run.Study.Bootstrap(doses.Arms.Groups).Percentile(GroupStatistics.Mean(change, doses.Arms.Groups), run.Options.Level), layer: layer, arm: arm);
            var needed = Needed(run, change, doses.Arms.Groups);
            run.Point($"{name}_needed_n", needed, estimate.N, estimate.Groups, "non-inferiority-80-percent-power", layer: layer, arm: arm);
            run.Notes.Add($"{name}: showing a loss of at most {100 * run.Options.AccuracyMargin:0.#} point with 80 % power needs about {needed:N0} questions if there is none; {estimate.N:N0} were scored.");
            var decision = Decision.Above($"accuracy change by losing the {name.Replace('_', ' ')} of layer {layer}", estimate, -run.Options.AccuracyMargin);
            decisions.Add(decision.Verdict == Verdict.Inconclusive ? decision with { WouldSettle = $"{decision.WouldSettle}; about {needed:N0} questions if the true loss is 0" } : decision);
            if (name == "random_half") run.Assert(estimate.Value >= -0.01, $"random half of layer {layer}: {estimate}");
        }

        foreach (var other in doses.Layers.Where(other => other != layer))
            foreach (var selection in new[] { UnitSelection.Top, UnitSelection.Random })
                if (doses.Find(other, AblationMode.Zero, AblatedPositions.All, selection, doses.Half) is { } cell)
                    run.Add($"{selection.ToString().ToLowerInvariant()}_half", Interval(run, doses, doses.Change(cell), rows), "all", other, $"zero-all-{selection.ToString().ToLowerInvariant()}");
        return Decision.All(decisions);
    }

    /// <summary>Every point of every curve: change of accuracy, and for single arms the exact test.</summary>
    static void Curves(ClaimRun run, DoseTable doses)
    {
        run.Add("accuracy", ClusteredMean.Interval(doses.Arms.Baseline, doses.Arms.Groups, run.Options.Level), arm: "none");
        foreach (var cell in doses.Cells)
        {
            run.Add("accuracy_change", PairedDifference.Interval(doses.Change(cell), doses.Arms.Baseline, doses.Arms.Groups, run.Options.Level), layer: cell.Key.Layer, arm: cell.Key.Name);
            if (cell.Arms.Length > 1) continue;
            run.Point("mcnemar_p", McNemar.Test(doses.Arms.Correct(0), doses.Arms.Correct(cell.Arms[0])).P, doses.Arms.Samples.Count, doses.Arms.Samples.Count, "mcnemar-exact",
                layer: cell.Key.Layer, arm: cell.Key.Name);
        }
    }

    static void Tests(ClaimRun run, DoseTable doses, DoseTable.Cell top, int[] rows, string kind)
    {
        var all = doses.Change(top);
        double[] change = [.. rows.Select(i => all[i])];
        var groups = doses.Arms.Groups.Select(rows);
        run.Add("top5_loss_bootstrap", run.Study.Bootstrap(groups).Percentile(GroupStatistics.Mean(change, groups), run.Options.Level), kind, top.Key.Layer, top.Key.Name);
        var flip = SignFlip.Test(change, groups, run.Options.Draws, run.Options.Seed);
        run.Point("sign_flip_p", flip.P, flip.N, flip.Groups, flip.Exact ? "sign-flip-exact" : $"sign-flip-{flip.Draws}", kind, top.Key.Layer, top.Key.Name, run.Options.Seed);
        foreach (var each in Enum.GetValues<QuestionKind>())
        {
            var own = doses.Arms.OfKind(each);
            if (own.Length >= run.Options.MinimumCell && each.Name() != kind) run.Add("top5_loss", Interval(run, doses, all, own), each.Name(), top.Key.Layer, top.Key.Name);
        }
    }

    static Estimate Interval(ClaimRun run, DoseTable doses, double[] values, int[] rows) =>
        PairedDifference.Interval([.. rows.Select(i => values[i])], [.. rows.Select(i => doses.Arms.Baseline[i])], doses.Arms.Groups.Select(rows), run.Options.Level);

    static void ThrowIfTooSmall(ClaimRun run, DoseTable doses)
    {
        doses.Arms.ThrowIfTooFew(run.Options, run.Study.Intervened.Count);
        foreach (var cell in doses.Cells)
        {
            if (cell.Key.Selection is not (UnitSelection.Random or UnitSelection.Matched)) continue;
            var needed = cell.Key.Positions == AblatedPositions.Last ? run.Options.LastPositionDraws : run.Options.OtherDraws;
            if (cell.Arms.Length < needed) throw new NotRunException($"{cell.Arms.Length} draws of {cell.Key.Name} at layer {cell.Key.Layer}, a verdict needs {needed}.", "`--budget full`");
        }
    }

    static DoseTable.Cell Need(DoseTable doses, int layer, UnitSelection selection, int k) => doses.Find(layer, AblationMode.Zero, AblatedPositions.All, selection, k)
        ?? throw new NotRunException($"zero ablation of the {selection.ToString().ToLowerInvariant()} {k} units of layer {layer} at all positions was not run.", "`--budget full`");

    static DoseTable.Cell NeedDraws(ClaimRun run, DoseTable doses, int layer, int k)
    {
        var cell = Need(doses, layer, UnitSelection.Random, k);
        return cell.Arms.Length >= run.Options.OtherDraws ? cell : throw new NotRunException($"{cell.Arms.Length} draws of {cell.Key.Name}, a verdict needs {run.Options.OtherDraws}.", "`--budget full`");
    }

    /// <summary>By the variance that the differences have, images as units; where none differs, as if one question did.</summary>
    static int Needed(ClaimRun run, double[] change, Groups groups)
    {
        var estimate = ClusteredMean.Interval(change, groups, run.Options.Level);
        var error = (estimate.High - estimate.Low) / 2 / Distribution.StudentCritical(run.Options.Level, groups.Count - 1);
        var perRow = Math.Clamp(error * error * change.Length, 1.0 / change.Length, 1);
        return Power.NeededForNonInferiority(run.Options.AccuracyMargin, perRow, 1, (1 - run.Options.Level) / 2);
    }
}
