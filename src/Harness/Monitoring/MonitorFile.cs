using System.Text.Json;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Monitoring;

/// <summary>monitor.json: a linear probe that says, from one state of the forward that answers, how likely the answer is right. Every figure in it is of
/// questions about images that what it speaks of has not seen.</summary>
public sealed record MonitorFile
{
    /// <summary>Number of this form; raised when a reader has to change.</summary>
    public const int CurrentSchema = 1;

    /// <summary>See <see cref="CurrentSchema"/>.</summary>
    public required int Schema { get; init; }

    /// <summary>The model that it was fitted on; its states mean nothing to another.</summary>
    public required string Subject { get; init; }

    /// <summary>transformers' model_type.</summary>
    public required string Family { get; init; }

    /// <summary>The data set that it was fitted and scored on.</summary>
    public required string Data { get; init; }

    /// <summary>Kind of the questions; of others nothing is known.</summary>
    public required string Kind { get; init; }

    /// <summary>Where the state is read, for example <c>blocks.3.resid_post</c> (docs/hooks.md).</summary>
    public required string HookPoint { get; init; }

    /// <summary>Which position: "last" = the last of the prompt, before any token of the answer.</summary>
    public required string Position { get; init; }

    /// <summary>From 0, chosen by inner folds of the fitting half.</summary>
    public required int Layer { get; init; }

    /// <summary>Per unit, of the fitting half.</summary>
    public required double[] Mean { get; init; }

    /// <summary>Per unit, &gt; 0.</summary>
    public required double[] Scale { get; init; }

    /// <summary>Per standardised unit: score = intercept + Σ weights · (state − mean)/scale.</summary>
    public required double[] Weights { get; init; }

    /// <inheritdoc cref="Weights"/>
    public required double Intercept { get; init; }

    /// <summary>The chosen penalty, scikit-learn's C.</summary>
    public required double Penalty { get; init; }

    /// <summary>From score to probability, and how well that keeps its word.</summary>
    public required MonitorCalibration Calibration { get; init; }

    /// <summary>Least scores to accept, by the share of answers that they let through.</summary>
    public required IReadOnlyList<MonitorThreshold> Thresholds { get; init; }

    /// <summary>Share wrong among the surest answers, of the scored half.</summary>
    public required IReadOnlyList<MonitorRisk> RiskCoverage { get; init; }

    /// <summary>On the scored half.</summary>
    public required MonitorEstimate Auroc { get; init; }

    /// <summary>Share of right answers on the scored half, with nothing refused.</summary>
    public required MonitorEstimate Accuracy { get; init; }

    /// <summary>Rows it was fitted on.</summary>
    public required int FittedOn { get; init; }

    /// <summary>Rows of the scored half.</summary>
    public required int ScoredOn { get; init; }

    /// <summary>Seed of the split.</summary>
    public required ulong Seed { get; init; }

    /// <summary>SHA-256 by name: the trace's key (weights, configuration, tokenizer, data, prompt, generation, numerics) and the run folder's files.</summary>
    public required IReadOnlyDictionary<string, string> Hashes { get; init; }

    /// <summary>As UTF-8, the same bytes for the same values.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json.Line);

    /// <summary>Reads and checks a monitor.</summary>
    /// <param name="path">A file that <c>vrp export monitor</c> wrote.</param>
    /// <exception cref="VrpException">Missing, damaged, of another schema, or with numbers that cannot be.</exception>
    public static MonitorFile Load(string path)
    {
        if (!File.Exists(path)) throw new VrpException($"{path} is missing. `vrp export monitor` makes it.");
        MonitorFile file;
        try
        {
            file = JsonText.Parse<MonitorFile>(FileDoor.ReadAllBytes(path), path, Json.Line);
        }
        catch (JsonTextException e)
        {
            throw new VrpException($"{path} is not a monitor: {e.Problem} `vrp export monitor` makes one.", e);
        }

        if (file.Schema != CurrentSchema) throw new VrpException($"{path} has schema {file.Schema}, this reads {CurrentSchema}. Export it again.");
        var units = file.Weights.Length;
        if (units == 0 || file.Mean.Length != units || file.Scale.Length != units)
            throw new VrpException($"{path}: {units} weights, {file.Mean.Length} means, {file.Scale.Length} scales; expected as many of each. Export it "
                + "again.");
        double[] all = [.. file.Mean, .. file.Scale, .. file.Weights, file.Intercept, file.Calibration.Slope, file.Calibration.Intercept,
            .. file.Thresholds.Select(threshold => threshold.Score)];
        if (!all.All(double.IsFinite)
            || file.Scale.Any(scale => scale <= 0)) throw new VrpException($"{path}: a number is not finite, or a scale not above 0. Export it again.");
        return file;
    }
}

/// <summary>An estimate as the file has it.</summary>
/// <param name="Value">Value.</param>
/// <param name="Low">Of the interval.</param>
/// <param name="High">Of the interval.</param>
/// <param name="Level">Its coverage.</param>
/// <param name="N">Rows.</param>
/// <param name="Images">Images.</param>
/// <param name="Method">How.</param>
public sealed record MonitorEstimate(double Value, double Low, double High, double Level, int N, int Images, string Method)
{
    internal static MonitorEstimate Of(Estimate e) => new(e.Value, e.Low, e.High, e.Level, e.N, e.Groups, e.Method);
}

/// <summary>probability = 1 / (1 + exp(−(intercept + slope · score))).</summary>
/// <param name="Method">"logistic-recalibration", or "own" where the probe's own probability was the better one.</param>
/// <param name="Slope">1 for "own".</param>
/// <param name="Intercept">0 for "own".</param>
/// <param name="LogLoss">Nats, of the probability that is used: each fold of images recalibrated by the others.</param>
/// <param name="OwnLogLoss">Nats, of the probe's own probability.</param>
/// <param name="Brier">Of the probability that is used, by the same folds.</param>
/// <param name="ExpectedError">Over ten bins, by the same folds.</param>
/// <param name="Reliability">By the same folds: mean probability and share right of each tenth that has rows.</param>
public sealed record MonitorCalibration(string Method, double Slope, double Intercept, double LogLoss, double OwnLogLoss, double Brier, double ExpectedError,
    IReadOnlyList<MonitorBin> Reliability);

/// <summary>Probabilities in (Low, High].</summary>
/// <param name="Low">Edge.</param>
/// <param name="High">Edge.</param>
/// <param name="Probability">Mean.</param>
/// <param name="Correct">Share right.</param>
/// <param name="N">Rows.</param>
public sealed record MonitorBin(double Low, double High, double Probability, double Correct, int N);

/// <summary>A least score.</summary>
/// <param name="Coverage">Share of answers that it is meant to let through.</param>
/// <param name="Score">Accept from here on, set on the whole scored half.</param>
/// <param name="Accepted">Share that thresholds of the other folds' images let through.</param>
/// <param name="Risk">Share wrong among these.</param>
public sealed record MonitorThreshold(double Coverage, double Score, MonitorEstimate Accepted, MonitorEstimate Risk);

/// <summary>A point of the risk-coverage curve.</summary>
/// <param name="Coverage">Share kept.</param>
/// <param name="Risk">Share wrong among them.</param>
public sealed record MonitorRisk(double Coverage, double Risk);
