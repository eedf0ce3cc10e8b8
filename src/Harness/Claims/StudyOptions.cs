namespace Vrp.Harness.Claims;

/// <summary>Everything about the analysis that could be set otherwise. The defaults are the documented protocol; run.json records what was used.</summary>
public sealed record StudyOptions
{
    /// <summary>Shared by claims of "no effect": the largest distance of an AUROC from 0.5, or loss of AUROC, and the largest loss of accuracy (shares) that
    /// count as none.</summary>
    internal const double NoAuroc = 0.05, NoAccuracy = 0.01;

    /// <summary>Coverage of every interval.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Bootstrap draws.</summary>
    public int Draws { get; init; } = 10_000;

    /// <summary>Permutations of labels through the probe's whole pipeline; at least 200 for a reported p.</summary>
    public int Permutations { get; init; } = 200;

    /// <summary>Of splits, folds, draws and permutations.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Fewest rows of a cell (question kind) that gets a figure of its own.</summary>
    public int MinimumCell { get; init; } = 30;

    /// <summary>Fewest scored questions of an intervention's verdict, unless the set has no more.</summary>
    public int MinimumQuestions { get; init; } = 1000;

    /// <summary>Fewest random draws at the last position.</summary>
    public int LastPositionDraws { get; init; } = 20;

    /// <summary>Fewest random draws of masks and at all positions.</summary>
    public int OtherDraws { get; init; } = 5;

    /// <summary>Largest correlation that counts as none.</summary>
    public double CorrelationMargin { get; init; } = AttentionSharpness.Margin;

    /// <summary>Largest distance of an AUROC from 0.5, or loss of AUROC, that counts as none.</summary>
    public double AurocMargin { get; init; } = NoAuroc;

    /// <summary>Largest loss of accuracy that counts as none, in shares.</summary>
    public double AccuracyMargin { get; init; } = NoAccuracy;

    /// <summary>Largest R² that counts as no help (Cohen's small effect).</summary>
    public double HeadRegressionMargin { get; init; } = AttentionHeads.Margin;

    /// <summary>Heads of the head regression.</summary>
    public int TopHeads { get; init; } = 5;

    /// <summary>The AUROC that the probe and the fusion are claimed to exceed.</summary>
    public double ProbeThreshold { get; init; } = HiddenStateProbe.Threshold;

    /// <summary>Loss by the top five units that makes a bottleneck, in shares (the user's gate for LLaVA).</summary>
    public double BottleneckLoss { get; init; } = NeuronAblation.Loss;

    /// <summary>Share of a layer's units that an L1 probe may use to be sparse.</summary>
    public double SparseShare { get; init; } = SparseProbe.Share;

    /// <summary>Share of the depth from which on a peak is late.</summary>
    public double LateDepth { get; init; } = LogitLens.LateDepth;

    /// <summary>K, temperature and top-p of the study; a trace with others cannot judge self-consistency.</summary>
    public SamplingProtocol Sampling { get; init; } = new(10, 0.7, 0.9);
}

/// <summary>How the answers were sampled that self-consistency is judged by. A type of its own, so that run.json and vrp.json have its numbers: a tuple is
/// written as nothing, and a struct may be left half empty.</summary>
/// <param name="Answers">K, sampled answers per question.</param>
/// <param name="Temperature">Of the sampling.</param>
/// <param name="TopP">Of the sampling.</param>
public sealed record SamplingProtocol(int Answers, double Temperature, double TopP);
