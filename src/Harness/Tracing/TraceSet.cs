using Vrp.Harness.Datasets.Answers;
using Vrp.Models;

namespace Vrp.Harness.Tracing;

/// <summary>Everything that a model showed on a data set: what all analysis reads, and all that it reads. Needs neither torch nor files.</summary>
public sealed class TraceSet
{
    readonly TraceArrays arrays;

    /// <param name="facts">What all questions have in common.</param>
    /// <param name="records">One per question, in the data set's order.</param>
    /// <param name="arrays">Their arrays.</param>
    public TraceSet(TraceFacts facts, IReadOnlyList<TraceRecord> records, TraceArrays arrays)
    {
        (Facts, Records, this.arrays) = (facts, records, arrays);
        LensMargin = MlpAttribution = AttentionAttribution = new float[0, 0];
    }

    public TraceFacts Facts { get; }

    public IReadOnlyList<TraceRecord> Records { get; }

    /// <summary>n.</summary>
    public int Count => Records.Count;

    /// <summary>Scores answers by the data set's own aliases and judgements.</summary>
    public AnswerScorer Scorer { get; init; } = new(AliasTable.Empty);

    /// <summary>ΔM_l, [n, L], logits: logit(truth) − logit(competitor) of each block's output at the last prompt position, through the final norm and the head;
    /// at the last layer those of the model itself. NaN over a whole row where <see cref="TraceRecord.TruthToken"/> is null.</summary>
    public float[,] LensMargin { get; init; }

    /// <summary>[n, L], logits: what each block's MLP output at the last prompt position adds to the final ΔM, with the final norm's scale held as it was
    /// (direct logit attribution). NaN as in <see cref="LensMargin"/>.</summary>
    public float[,] MlpAttribution { get; init; }

    /// <summary>[n, L], logits: the same for each block's attention output. With the embedding's share the two sum to the last layer's
    /// <see cref="LensMargin"/>.</summary>
    public float[,] AttentionAttribution { get; init; }

    /// <summary>[n, L], logits: <see cref="LensMargin"/> with an image of the mean colour in place of the question's, same tokens compared; null where the
    /// trace was made without.</summary>
    public float[,]? GreyMargin { get; init; }

    /// <inheritdoc cref="TraceArrays.States"/>
    public float[] States(int layer) => Checked("states", layer, Facts.Layers, arrays.States(layer), (long)Count * Facts.Hidden);

    /// <inheritdoc cref="TraceArrays.MlpOut"/>
    public float[] MlpOut(int layer) => Checked("mlp.out", layer, Facts.Layers, arrays.MlpOut(layer), (long)Count * Facts.Hidden);

    /// <inheritdoc cref="TraceArrays.Attention"/>
    public float[] Attention(int question) => Checked("attention", question, Count, arrays.Attention(question), MapSize(question));

    /// <inheritdoc cref="TraceArrays.AnswerAttention"/>
    public float[]? AnswerAttention(int question) =>
        arrays.AnswerAttention(question) is { } map ? Checked("answer attention", question, Count, map, MapSize(question)) : null;

    /// <summary>One layer's part of <see cref="Attention"/>: [H × N].</summary>
    public ReadOnlySpan<float> Attention(int question, int layer)
    {
        var layerSize = MapSize(question) / Facts.Layers;
        return Attention(question).AsSpan((int)(layer * layerSize), (int)layerSize);
    }

    long MapSize(int question) => (long)Facts.Layers * Facts.Heads * Records[question].GridHeight * Records[question].GridWidth;

    static float[] Checked(string what, int index, int count, float[] values, long expected) =>
        index < 0 || index >= count ? throw new ArgumentOutOfRangeException(nameof(index), index, $"{what}: expected 0 to {count - 1}")
        : values.Length == expected ? values
        : throw new VrpException($"The trace's {what} {index} has {values.Length} numbers; expected {expected}. The trace was put together wrongly: make it "
            + "again.");
}

/// <summary>What all questions of a trace have in common.</summary>
public sealed record TraceFacts
{
    /// <summary>The model's name, as reports show it.</summary>
    public required string Subject { get; init; }

    /// <summary>transformers' model_type: llava, paligemma or qwen2_vl; "other" for an imported model of another family.</summary>
    public required string Family { get; init; }

    /// <summary>The data set's name.</summary>
    public required string Data { get; init; }

    /// <summary>Blocks of the language model, L.</summary>
    public required int Layers { get; init; }

    /// <summary>Units of the residual stream, D.</summary>
    public required int Hidden { get; init; }

    /// <summary>Query heads per block, H.</summary>
    public required int Heads { get; init; }

    /// <summary>Sampled answers per question, K.</summary>
    public int Samples { get; init; } = 10;

    /// <summary>Of the sampled answers.</summary>
    public double Temperature { get; init; } = 0.7;

    /// <summary>Of the sampled answers.</summary>
    public double TopP { get; init; } = 0.9;

    /// <summary>Of the sampled answers.</summary>
    public ulong Seed { get; init; }

    /// <summary>The other program whose log the answers were taken from: then there are no arrays, and of the probabilities only what the log has. Null for a
    /// trace made here.</summary>
    public string? ImportedFrom { get; init; }

    /// <summary>SHA-256 of everything that the trace depends on; empty for a trace made up in memory.</summary>
    public string Key { get; init; } = "";

    /// <summary>SHA-256 of what the store holds under that key; empty for a trace made up in memory.</summary>
    public string Content { get; init; } = "";
}
