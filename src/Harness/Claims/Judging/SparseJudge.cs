using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Judging;

/// <summary>sparse-probe: what an L1 probe held to 6 % of the units loses against the L2 probe on all of them.</summary>
static class SparseJudge
{
    const string PopeKind = "yes-no";

    public static Decision Judge(ClaimRun run)
    {
        var (probe, options) = (run.Study.Probe, run.Options);
        var layer = probe.Result.Probe.Layer;
        int[] layers = [.. Enumerable.Range(layer - 1, 3).Where(l => l >= 0 && l < run.Study.Trace.Facts.Layers)];
        // Finer than the default where the first units come in: in a narrow layer 6 % are a handful.
        var settings = L1Options.Default with { Seed = options.Seed, Multiples = [1.001, 1.01, 1.03, 1.1, .. L1Options.Default.Multiples] };
        var (free, path) = L1Probe.Run(probe.Data, probe.Rows.Split, layers, settings);
        Report(run, free, "l1");
        run.Point("majority_accuracy", free.HeldOut.MajorityAccuracy, free.HeldOut.Rows.Length, free.HeldOut.Groups.Count, "commoner-label", PopeKind);
        foreach (var (point, multiple) in path.Zip(settings.Multiples))
            run.Point("path_nonzero_share", point.NonZeroShare, probe.Rows.Split.Fitting.Length, probe.Rows.Images.Count, "fitting-half", PopeKind, free.Probe.Layer, FormattableString.Invariant($"multiple-{multiple:00.000}"));
        Published(run, free);

        var sparse = path.Index().Where(point => point.Item.NonZeroShare > 0 && point.Item.NonZeroShare <= options.SparseShare).ToArray();
        if (sparse.Length == 0)
            throw new NotRunException($"no point of the L1 path at layer {free.Probe.Layer} has at most {options.SparseShare:P0} of the {run.Study.Trace.Facts.Hidden} units.");
        var chosen = sparse.MaxBy(point => point.Item.InnerAuroc).Index;
        var (held, _) = L1Probe.Run(probe.Data, probe.Rows.Split, [free.Probe.Layer], settings with { Multiples = [settings.Multiples[chosen]] });
        Report(run, held, "l1-sparse");
        var (difference, p) = ClusteredAuroc.Paired(held.HeldOut.Labels, held.HeldOut.Scores, probe.Result.HeldOut.Scores, held.HeldOut.Groups, options.Level);
        run.Decisive("auroc_difference", difference, PopeKind, held.Probe.Layer, "l1-sparse-minus-l2");
        run.Point("auroc_difference_p", p, difference.N, difference.Groups, difference.Method, PopeKind, held.Probe.Layer, "l1-sparse-minus-l2");
        var dense = run.Decisive("auroc", probe.Result.HeldOut.Auroc(options.Level), PopeKind, layer, "l2");
        var something = Decision.Above("AUROC of the L2 probe on all units", dense, 0.5);
        return Decision.All(
        [
            Decision.Above($"AUROC lost by {held.Linear.NonZeroShare:P1} of the units", difference, -options.AurocMargin),
            something.Verdict == Verdict.Supported ? something : new Decision(Verdict.Inconclusive, $"{something.Reason}: where there is nothing to read, few units read it as well", something.WouldSettle ?? "a model whose states predict something"),
        ]);
    }

    static void Report(ClaimRun run, ProbeResult result, string arm)
    {
        var layer = result.Probe.Layer;
        run.Add("auroc", result.HeldOut.Auroc(run.Options.Level), PopeKind, layer, arm);
        run.Add("accuracy", result.HeldOut.Accuracy(run.Options.Level), PopeKind, layer, arm);
        run.Point("nonzero_share", result.Linear.NonZeroShare, result.HeldOut.Rows.Length, result.HeldOut.Groups.Count, "share-of-all-units", PopeKind, layer, arm);
    }

    static void Published(ClaimRun run, ProbeResult free)
    {
        var printed = run.Claim.Published("accuracy", run.Study.Family);
        var accuracy = free.HeldOut.Accuracy(run.Options.Level);
        run.Assert(printed is { } percent ? 100 * accuracy.Value >= percent && free.Linear.NonZeroShare <= run.Options.SparseShare : null,
            $"accuracy {accuracy} with {free.Linear.NonZeroShare:P1} of the units at layer {free.Probe.Layer}; printed {printed} %");
    }
}
