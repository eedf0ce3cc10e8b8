using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>fusion: all signals, z-scored, in one logistic regression.</summary>
public sealed class Fusion : Claim
{
    public override string Id => "fusion";

    public override string Text =>
        $"All signals together reach an AUROC above {Shown(HiddenStateProbe.Threshold)} (the study: in two of three families, and exactly the probe's own "
        + "figures).";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        new("auroc", "AUROC of all signals on POPE", 0.956, 0.738, 0.971, "equal to the probe's to the last digit") { Arm = "fusion" },
    ];

    public override string PublishedForm => "AUROC on yes/no questions is at least the family's printed figure, as a point.";

    public override string JudgedForm =>
        $"The held-out AUROC of the fusion on yes/no questions lies above {Shown(HiddenStateProbe.Threshold)}; the paired gain over the probe alone says "
        + "what the other signals add.";

    public override string Method =>
        "Z-scored probe (out-of-fold on the fitting half), S_SC, entropy, probability, margin, P_tok, H_s, C_k, image mass; L2 logistic regression "
        + $"{HeldOut}; Obuchowski.";

    public override string SupportedWhen => $"the interval is entirely above {Shown(HiddenStateProbe.Threshold)}";

    public override string RefutedWhen => $"the interval is entirely below {Shown(HiddenStateProbe.Threshold)}";

    public override string NotRunWhen => "a signal is missing or not finite, or a half has one class";

    public override IReadOnlyList<string> Traps =>
    [
        "With the probe's in-sample scores the fusion would trust it too much: it enters by out-of-fold scores.",
        "Equal figures to three digits mean that the other signals had no weight: the gain over the probe alone is reported.",
    ];

    internal override Decision Judge(ClaimRun run)
    {
        var (study, probe, options) = (run.Study, run.Study.Probe, run.Options);
        var result = study.Fusion.Result;
        var held = result.HeldOut;
        var auroc = run.Decisive("auroc", held.Auroc(options.Level), PopeKind, arm: "fusion");
        run.Add("auroc", held.AurocBootstrap(options.Draws, options.Seed, options.Level), PopeKind, arm: "fusion-bootstrap");
        run.Add("accuracy", held.Accuracy(options.Level), PopeKind, arm: "fusion");
        var (gain, p) = ClusteredAuroc.Paired(held.Labels, held.Scores, probe.Result.HeldOut.Scores, held.Groups, options.Level);
        run.Add("auroc_gain", gain, PopeKind, arm: "over-probe");
        run.Point("auroc_gain_p", p, gain.N, gain.Groups, gain.Method, PopeKind, arm: "over-probe");
        foreach (var (signal, weight) in study.Fusion.Signals.Zip(result.Linear.Weights))
            run.Point("weight", weight, probe.Rows.Split.Fitting.Length, probe.Rows.Images.Count, "per-standard-deviation", PopeKind, arm: signal);
        var printed = Published("auroc", study.Family);
        run.Published(printed is { } least ? auroc.Value >= least : null, $"AUROC {auroc}; printed {printed}");
        run.Notes.Add($"gain over the probe alone: {gain}.");
        return Decision.Above("held-out AUROC of all signals", auroc, options.ProbeThreshold);
    }

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var states = ClaimScenarios.States;
        yield return Planted(Supported, "one layer that knows", states with { State = 4.5 });
        yield return Planted(Refuted, "one layer that knows a little", states with { State = 1 });
        yield return Planted(Inconclusive, "one layer at the threshold, 240 questions", states with { State = 2.9, Images = 40 });
        yield return Planted(NotRun, "a NaN in one map", states with { State = 3, Images = 40 }, trace => ClaimScenarios.Spoil(trace, spoilMap: true));
    }
}

/// <summary>fusion in a study.</summary>
public sealed class FusionEstimates(StudyResult study) : ClaimEstimates<Fusion>(study)
{
    /// <summary>Held-out AUROC of all signals on yes/no questions.</summary>
    public StudyEstimate Auroc => Row("auroc", "yes-no", arm: "fusion");

    /// <summary>Minus that of the probe alone.</summary>
    public StudyEstimate GainOverProbe => Row("auroc_gain", "yes-no", arm: "over-probe");
}

/// <summary>Finds fusion in a study.</summary>
public static class FusionOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="FusionEstimates"/>
        public FusionEstimates Fusion => new(study);
    }
}

/// <summary>All signals in one logistic regression on the probe's rows, which the claim and samples.jsonl share.</summary>
/// <param name="Signals">In the order of the weights.</param>
/// <param name="Result">The fusion.</param>
/// <param name="HeldOut">Its scores of the rows that it was not fitted on.</param>
sealed record FusionStudy(IReadOnlyList<string> Signals, ProbeResult Result, Signal HeldOut)
{
    /// <exception cref="NotRunException">A signal is missing. One class in a part: <see cref="OneClassException"/>; NaN: <see cref="NotFiniteException"/>.
    /// </exception>
    public static FusionStudy Run(StudyContext study)
    {
        var (probe, attention) = (study.Probe, study.Attention);
        var rows = probe.Rows;
        (string Name, double[] Values)[] signals =
        [
            ("probe", probe.Result.CrossFitted),
            ("s_sc", rows.Take(study.SelfConsistency)),
            .. study.Behaviour.SinglePass.Select(signal => (signal.Name, rows.Take(signal))),
            ("entropy", rows.Take(row => attention[row].Features.Entropy)),
            ("k_dbscan", rows.Take(row => attention[row].Features.KDbscan)),
            ("k_components", rows.Take(row => attention[row].Features.KComponents)),
            ("image_mass", rows.Take(row => attention[row].Features.ImageMass)),
        ];
        var result = Probes.Fusion.Run(signals, rows.Labels, rows.Images, rows.Split, study.Options.Seed);
        return new FusionStudy([.. signals.Select(signal => signal.Name)], result, ProbeStudy.ScoresOf("fusion", rows, result));
    }
}
