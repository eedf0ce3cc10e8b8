using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>sparse-probe: what an L1 probe held to few of the units loses against the L2 probe on all of them.</summary>
public sealed class SparseProbe : Claim
{
    /// <summary>Share of a layer's units that an L1 probe may use to be sparse.</summary>
    public const double Share = 0.06;

    const double Chance = 0.5;

    public override string Id => "sparse-probe";

    public override string Text => "An L1 probe needs few units: 4-6 % of a layer are enough.";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        new("accuracy", "accuracy, %", 88.0, 100, 100, "at L21, L10, L18") { Arm = "l1", Scale = 100 },
        new("nonzero_share", "units with a weight, % of the layer, at most", 6, null, null, "4-6 %") { Arm = "l1", Scale = 100 },
    ];

    public override string PublishedForm => $"The L1 probe that inner folds choose reaches the printed accuracy with at most {100 * Share:0} % of the units.";

    public override string JudgedForm =>
        $"An L1 probe held to {100 * Share:0} % of **all** units of the layer loses at most {Shown(StudyOptions.NoAuroc)} AUROC against the L2 probe on "
        + "all units.";

    public override string Method =>
        $"L1 path at the L2 probe's layer and its neighbours, the best inner AUROC among the points with at most {100 * Share:0} % of the units, "
        + $"{HeldOut}; paired difference of AUROCs on the same held-out rows, Obuchowski.";

    public override string SupportedWhen =>
        $"the interval of the difference is entirely above −{Shown(StudyOptions.NoAuroc)}, and the L2 probe itself lies above {Shown(Chance)}";

    public override string RefutedWhen => $"the interval of the difference is entirely below −{Shown(StudyOptions.NoAuroc)}";

    public override string NotRunWhen => $"states are missing, no point of the path has {100 * Share:0} % or less, or a half has one class";

    public override IReadOnlyList<string> Traps =>
    [
        "\"100 % accuracy\" was in-sample: same held-out protocol, accuracy beside the majority baseline.",
        "The share counts all units of the layer, not those left after a screening.",
        "A probe at chance needs few units too: nothing is supported where the L2 probe does not lie above 0.5.",
    ];

    internal override Decision Judge(ClaimRun run)
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
            run.Point("path_nonzero_share", point.NonZeroShare, probe.Rows.Split.Fitting.Length, probe.Rows.Images.Count, "fitting-half", PopeKind,
                free.Probe.Layer, FormattableString.Invariant($"multiple-{multiple:00.000}"));
        Assert(run, free);

        var sparse = path.Index().Where(point => point.Item.NonZeroShare > 0 && point.Item.NonZeroShare <= options.SparseShare).ToArray();
        if (sparse.Length == 0)
            throw new NotRunException($"no point of the L1 path at layer {free.Probe.Layer} has at most {options.SparseShare:P0} of the "
                + $"{run.Study.Trace.Facts.Hidden} units.");
        var chosen = sparse.MaxBy(point => point.Item.InnerAuroc).Index;
        var (held, _) = L1Probe.Run(probe.Data, probe.Rows.Split, [free.Probe.Layer], settings with { Multiples = [settings.Multiples[chosen]] });
        Report(run, held, "l1-sparse");
        var (difference, p) = ClusteredAuroc.Paired(held.HeldOut.Labels, held.HeldOut.Scores, probe.Result.HeldOut.Scores, held.HeldOut.Groups, options.Level);
        run.Decisive("auroc_difference", difference, PopeKind, held.Probe.Layer, "l1-sparse-minus-l2");
        run.Point("auroc_difference_p", p, difference.N, difference.Groups, difference.Method, PopeKind, held.Probe.Layer, "l1-sparse-minus-l2");
        var dense = run.Decisive("auroc", probe.Result.HeldOut.Auroc(options.Level), PopeKind, layer, "l2");
        var something = Decision.Above("AUROC of the L2 probe on all units", dense, Chance);
        return Decision.All(
        [
            Decision.Above($"AUROC lost by {held.Linear.NonZeroShare:P1} of the units", difference, -options.AurocMargin),
            something.Verdict == Verdict.Supported ? something : new Decision(Verdict.Inconclusive,
                $"{something.Reason}: where there is nothing to read, few units read it as well",
                    something.WouldSettle ?? "a model whose states predict something"),
        ]);
    }

    static void Report(ClaimRun run, ProbeResult result, string arm)
    {
        var layer = result.Probe.Layer;
        run.Add("auroc", result.HeldOut.Auroc(run.Options.Level), PopeKind, layer, arm);
        run.Add("accuracy", result.HeldOut.Accuracy(run.Options.Level), PopeKind, layer, arm);
        run.Point("nonzero_share", result.Linear.NonZeroShare, result.HeldOut.Rows.Length, result.HeldOut.Groups.Count, "share-of-all-units", PopeKind, layer,
            arm);
    }

    void Assert(ClaimRun run, ProbeResult free)
    {
        var printed = Published("accuracy", run.Study.Family);
        var accuracy = free.HeldOut.Accuracy(run.Options.Level);
        run.Published(printed is { } percent ? 100 * accuracy.Value >= percent && free.Linear.NonZeroShare <= run.Options.SparseShare : null,
            $"accuracy {accuracy} with {free.Linear.NonZeroShare:P1} of the units at layer {free.Probe.Layer}; printed {printed} %");
    }

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var states = ClaimScenarios.States;
        yield return Planted(Supported, "one unit that knows", states with { State = 3 });
        yield return Planted(Refuted, "all units know a little, none much", states with { State = 4, PlantedUnits = 64, Images = 250, Seed = 2 });
        yield return Planted(Inconclusive, "nothing to know", states with { Images = 40 });
        yield return Planted(NotRun, "all answers right", states with { Images = 40, Accuracy = 1 - 1e-12 });
    }
}

/// <summary>sparse-probe in a study.</summary>
public sealed class SparseProbeEstimates(StudyResult study) : ClaimEstimates<SparseProbe>(study)
{
    /// <summary>Held-out accuracy of the L1 probe that inner folds chose, whatever its number of units.</summary>
    public StudyEstimate Accuracy => Row("accuracy", "yes-no", arm: "l1");

    /// <summary>Its share of units with a weight.</summary>
    public StudyEstimate NonzeroShare => Row("nonzero_share", "yes-no", arm: "l1");

    /// <summary>AUROC of the L1 probe held to few units minus that of the L2 probe on all.</summary>
    public StudyEstimate SparseMinusDense => Row("auroc_difference", "yes-no", arm: "l1-sparse-minus-l2");

    /// <summary>AUROC of the L2 probe on all units.</summary>
    public StudyEstimate DenseAuroc => Row("auroc", "yes-no", arm: "l2");
}

/// <summary>Finds sparse-probe in a study.</summary>
public static class SparseProbeOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="SparseProbeEstimates"/>
        public SparseProbeEstimates SparseProbe => new(study);
    }
}
