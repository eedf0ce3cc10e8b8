using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;

namespace Vrp.Models.Qwen2VL;

/// <summary>transformers: Qwen2VLConfig (Wang et al. 2024, arXiv:2409.12191). The hub's files are flat: the text model's keys lie in the root;
/// files written by newer transformers nest them in text_config.</summary>
public sealed record Qwen2VLConfig : VisionLanguageConfig
{
    public Qwen2VLVisionConfig VisionConfig { get; init; } = new();
    public Qwen2VLTextConfig TextConfig { get; init; } = new();
    public int ImageTokenIndex { get; init; } = 151655;
    public int VideoTokenId { get; init; } = 151656;
    public int VisionStartTokenId { get; init; } = 151652;
    public int VisionEndTokenId { get; init; } = 151653;

    public override string ModelType => "qwen2_vl";
    public override ITextConfig Text => TextConfig;
    public override int ImageTokenId => ImageTokenIndex;
    public override int VisionLayers => VisionConfig.Depth;

    internal static Qwen2VLConfig From(ConfigSection json)
    {
        var c = new Qwen2VLConfig
        {
            VisionConfig = Qwen2VLVisionConfig.From(json.Section("vision_config")),
            TextConfig = Qwen2VLTextConfig.From(json.Has("text_config") ? json.Section("text_config") : json, json),
            ImageTokenIndex = json.Int("image_token_id", 151655),
            VideoTokenId = json.Int("video_token_id", 151656),
            VisionStartTokenId = json.Int("vision_start_token_id", 151652),
            VisionEndTokenId = json.Int("vision_end_token_id", 151653),
        };
        if (c.VisionConfig.HiddenSize != c.TextConfig.HiddenSize)
            throw json.Section("vision_config").Unusable("hidden_size",
                $"the language model's hidden_size, {c.TextConfig.HiddenSize}, as image features take the place of its embeddings");
        return c;
    }

    /// <inheritdoc/>
    public override TensorShapes TensorShapes()
    {
        var shapes = new TensorShapes();
        var (v, t) = (VisionConfig, TextConfig);

        shapes.Add("visual.patch_embed.proj.weight", v.EmbedDim, v.InChannels, v.TemporalPatchSize, v.PatchSize, v.PatchSize);
        for (int i = 0; i < v.Depth; i++)
        {
            string block = $"visual.blocks.{i}";
            shapes.AddLayerNorm($"{block}.norm1", v.EmbedDim);
            shapes.AddLayerNorm($"{block}.norm2", v.EmbedDim);
            shapes.AddLinear($"{block}.attn.qkv", 3L * v.EmbedDim, v.EmbedDim, bias: true);
            shapes.AddLinear($"{block}.attn.proj", v.EmbedDim, v.EmbedDim, bias: true);
            shapes.AddLinear($"{block}.mlp.fc1", v.MlpHiddenDim, v.EmbedDim, bias: true);
            shapes.AddLinear($"{block}.mlp.fc2", v.EmbedDim, v.MlpHiddenDim, bias: true);
        }
        long merged = (long)v.EmbedDim * v.SpatialMergeSize * v.SpatialMergeSize;
        shapes.AddLayerNorm("visual.merger.ln_q", v.EmbedDim);
        shapes.AddLinear("visual.merger.mlp.0", merged, merged, bias: true);
        shapes.AddLinear("visual.merger.mlp.2", v.HiddenSize, merged, bias: true);

        shapes.Add("model.embed_tokens.weight", t.VocabSize, t.HiddenSize);
        for (int i = 0; i < t.NumHiddenLayers; i++)
            shapes.AddDecoderLayer($"model.layers.{i}", t, attentionBias: true, outputBias: false, mlpBias: false);
        shapes.Add("model.norm.weight", t.HiddenSize);
        if (!t.TieWordEmbeddings) shapes.Add("lm_head.weight", t.VocabSize, t.HiddenSize);
        return shapes;
    }
}
