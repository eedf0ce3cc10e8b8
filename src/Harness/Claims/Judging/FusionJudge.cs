using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Judging;

/// <summary>fusion: all signals, z-scored, in one logistic regression.</summary>
static class FusionJudge
{
    const string PopeKind = "yes-no";

    public static Decision Judge(ClaimRun run)
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
        var printed = run.Claim.Published("auroc", study.Family);
        run.Assert(printed is { } least ? auroc.Value >= least : null, $"AUROC {auroc}; printed {printed}");
        run.Notes.Add($"gain over the probe alone: {gain}.");
        return Decision.Above("held-out AUROC of all signals", auroc, options.ProbeThreshold);
    }
}
