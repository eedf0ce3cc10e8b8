using System.Globalization;
using Vrp.Models;

namespace Vrp.Harness.Monitoring;

/// <summary>Scores states at inference time. Plain arithmetic on spans: no torch, no allocation; safe to call from several threads.</summary>
public sealed class MonitorScorer
{
    readonly MonitorFile file;

    /// <summary>A scorer that accepts by the threshold of a coverage.</summary>
    /// <param name="file">The monitor.</param>
    /// <param name="coverage">Share of answers to let through; one of the file's thresholds.</param>
    /// <exception cref="VrpException">The file has no such threshold: with those that it has.</exception>
    public MonitorScorer(MonitorFile file, double coverage = 0.8)
    {
        this.file = file;
        Threshold = file.Thresholds.FirstOrDefault(threshold => Math.Abs(threshold.Coverage - coverage) < 1e-9)
            ?? throw new VrpException(FormattableString.Invariant($"the monitor has no threshold for a coverage of {coverage}; it has ")
                + $"{string.Join(", ", file.Thresholds.Select(threshold => threshold.Coverage.ToString(CultureInfo.InvariantCulture)))}.");
    }

    /// <summary>From a file that <c>vrp export monitor</c> wrote.</summary>
    /// <exception cref="VrpException">As <see cref="MonitorFile.Load"/>, or no threshold for the coverage.</exception>
    public static MonitorScorer Load(string path, double coverage = 0.8) => new(MonitorFile.Load(path), coverage);

    /// <summary>What it was made from.</summary>
    public MonitorFile File => file;

    /// <summary>Where to capture the state, at the last position of the prompt.</summary>
    public string HookPoint => file.HookPoint;

    /// <summary>Units of the state.</summary>
    public int Units => file.Weights.Length;

    /// <summary>What it accepts by.</summary>
    public MonitorThreshold Threshold { get; }

    /// <summary>Reads one state.</summary>
    /// <param name="state">[<see cref="Units"/>], of <see cref="HookPoint"/> at the last position of the prompt.</param>
    /// <exception cref="VrpException">Another number of units, or one that is not finite.</exception>
    public MonitorReading Score(ReadOnlySpan<float> state)
    {
        if (state.Length != Units) throw new VrpException($"the state has {state.Length} units, the monitor's {Units}: it is for {HookPoint} of "
            + $"{file.Subject}.");
        var score = file.Intercept;
        for (var u = 0; u < state.Length; u++)
        {
            if (!float.IsFinite(state[u])) throw new VrpException($"unit {u} of the state is {state[u]}. A forward that overflows has no reliability to read.");
            // In float32, as the study standardises: the same bits as its held-out scores.
            score += file.Weights[u] * (float)((state[u] - file.Mean[u]) / file.Scale[u]);
        }

        var probability = 1 / (1 + Math.Exp(-(file.Calibration.Intercept + file.Calibration.Slope * score)));
        return new MonitorReading(score, probability, score >= Threshold.Score);
    }
}

/// <summary>What the monitor says of one answer.</summary>
/// <param name="Score">Log-odds of the probe, as in samples.jsonl.</param>
/// <param name="Probability">That the answer is right, calibrated, 0 … 1.</param>
/// <param name="Accept">Whether the score reaches the threshold.</param>
public readonly record struct MonitorReading(double Score, double Probability, bool Accept);
