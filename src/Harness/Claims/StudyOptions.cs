namespace Vrp.Harness.Claims;

/// <summary>Everything about the analysis that could be set otherwise. The defaults are the documented protocol; run.json records what was used.</summary>
public sealed record StudyOptions
{
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
    public double CorrelationMargin { get; init; } = 0.1;

    /// <summary>Largest distance of an AUROC from 0.5, or loss of AUROC, that counts as none.</summary>
    public double AurocMargin { get; init; } = 0.05;

    /// <summary>Largest loss of accuracy that counts as none, in shares.</summary>
    public double AccuracyMargin { get; init; } = 0.01;

    /// <summary>Largest R² that counts as no help (Cohen's small effect).</summary>
    public double HeadRegressionMargin { get; init; } = 0.02;

    /// <summary>Heads of the head regression.</summary>
    public int TopHeads { get; init; } = 5;

    /// <summary>The AUROC that the probe and the fusion are claimed to exceed.</summary>
    public double ProbeThreshold { get; init; } = 0.95;

    /// <summary>Loss by the top five units that makes a bottleneck, in shares (the user's gate for LLaVA).</summary>
    public double BottleneckLoss { get; init; } = 0.05;

    /// <summary>Share of a layer's units that an L1 probe may use to be sparse.</summary>
    public double SparseShare { get; init; } = 0.06;

    /// <summary>Share of the depth from which on a peak is late.</summary>
    public double LateDepth { get; init; } = 2.0 / 3;

    /// <summary>K, temperature and top-p of the study; a trace with others cannot judge self-consistency.</summary>
    public SamplingProtocol Sampling { get; init; } = new(10, 0.7, 0.9);
}
