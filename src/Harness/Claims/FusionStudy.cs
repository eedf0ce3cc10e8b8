using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims;

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
