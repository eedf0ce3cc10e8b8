using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims;

/// <summary>All signals in one logistic regression, which the claim and samples.jsonl share.</summary>
/// <param name="Signals">Name and value on each of the probe's rows.</param>
/// <param name="Result">The fusion; its weights are in the signals' order.</param>
sealed record FusionStudy(IReadOnlyList<(string Name, double[] Values)> Signals, ProbeResult Result)
{
    /// <exception cref="NotRunException">A signal is missing. One class in a part: <see cref="OneClassException"/>; NaN: <see cref="NotFiniteException"/>.
    /// </exception>
    public static FusionStudy Run(StudyContext study)
    {
        var probe = study.Probe;
        var features = study.Attention.Features;
        var signals = new List<(string Name, double[] Values)> { ("probe", probe.Result.CrossFitted),
            ("s_sc", probe.Take(study.SelfConsistency)) };
        signals.AddRange(study.Behaviour.SinglePass.Select(signal => (signal.Name, probe.Take(signal.Values))));
        signals.Add(("entropy", probe.Take([.. features.Select(f => f.Entropy)])));
        signals.Add(("k_dbscan", probe.Take([.. features.Select(f => (double)f.KDbscan)])));
        signals.Add(("k_components", probe.Take([.. features.Select(f => (double)f.KComponents)])));
        signals.Add(("image_mass", probe.Take([.. features.Select(f => f.ImageMass)])));
        return new FusionStudy(signals, Fusion.Run(signals, probe.Data.Labels, probe.Data.Groups, probe.Split, study.Options.Seed));
    }
}
