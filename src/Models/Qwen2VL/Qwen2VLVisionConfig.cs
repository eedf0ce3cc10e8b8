using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;

namespace Vrp.Models.Qwen2VL;

/// <summary>transformers: Qwen2VLVisionConfig.</summary>
public sealed record Qwen2VLVisionConfig
{
    public int Depth { get; init; } = 32;
    public int EmbedDim { get; init; } = 1280;

    /// <summary>Output size of the merger: the language model's hidden size.</summary>
    public int HiddenSize { get; init; } = 3584;

    public string HiddenAct { get; init; } = "quick_gelu";
    public double MlpRatio { get; init; } = 4;
    public int NumHeads { get; init; } = 16;
    public int InChannels { get; init; } = 3;
    public int PatchSize { get; init; } = 14;
    public int SpatialMergeSize { get; init; } = 2;
    public int TemporalPatchSize { get; init; } = 2;

    /// <summary>Values of one flattened patch, in pixel_values' order: channel, time, row, column.</summary>
    public int PatchDim => InChannels * TemporalPatchSize * PatchSize * PatchSize;

    public int MlpHiddenDim => (int)(EmbedDim * MlpRatio);

    internal static Qwen2VLVisionConfig From(ConfigSection json)
    {
        var d = new Qwen2VLVisionConfig();
        var c = new Qwen2VLVisionConfig
        {
            Depth = json.Size("depth", d.Depth),
            EmbedDim = json.Size("embed_dim", d.EmbedDim),
            HiddenSize = json.Size("hidden_size", d.HiddenSize),
            HiddenAct = json.String("hidden_act", d.HiddenAct),
            MlpRatio = json.Double("mlp_ratio", d.MlpRatio),
            NumHeads = json.Size("num_heads", d.NumHeads),
            InChannels = json.Size("in_channels", d.InChannels),     // the hub's in_chans is ignored by transformers as well
            PatchSize = json.Size("patch_size", d.PatchSize),
            SpatialMergeSize = json.Size("spatial_merge_size", d.SpatialMergeSize),
            TemporalPatchSize = json.Size("temporal_patch_size", d.TemporalPatchSize),
        };
        if (c.NumHeads <= 0 || c.EmbedDim % c.NumHeads != 0 || c.EmbedDim / c.NumHeads % 4 != 0)
            throw json.Unusable("num_heads", $"a divisor of embed_dim {c.EmbedDim} that leaves heads of a multiple of 4 units, "
                + "which two-dimensional rotary positions need");
        return c;
    }
}
