using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;

namespace Vrp.Models.PaliGemma;

/// <summary>transformers: PaliGemmaConfig (Beyer et al. 2024, arXiv:2407.07726).</summary>
public sealed record PaliGemmaConfig : VisionLanguageConfig
{
    public SiglipVisionConfig VisionConfig { get; init; } = new();
    public GemmaConfig TextConfig { get; init; } = new();
    public int ImageTokenIndex { get; init; } = 256000;

    /// <summary>Output size of the projector: the language model's hidden size in every published checkpoint.</summary>
    public int ProjectionDim { get; init; } = 2048;

    public override string ModelType => "paligemma";
    public override ITextConfig Text => TextConfig;
    public override int ImageTokenId => ImageTokenIndex;
    public override int VisionLayers => VisionConfig.NumHiddenLayers;

    internal static PaliGemmaConfig From(ConfigSection json)
    {
        var c = new PaliGemmaConfig
        {
            VisionConfig = json.Has("vision_config") ? SiglipVisionConfig.From(json.Section("vision_config")) : new(),
            TextConfig = json.Has("text_config") ? GemmaConfig.From(json.Section("text_config")) : new() { VocabSize = json.Size("vocab_size", 257152) },
            ImageTokenIndex = json.Int("image_token_index", json.Int("image_token_id", 256000)),
            ProjectionDim = json.Size("projection_dim", 2048),
        };
        if (c.ProjectionDim != c.TextConfig.HiddenSize)
            throw json.Unusable("projection_dim", $"the language model's hidden_size, {c.TextConfig.HiddenSize}, "
                + "as image features take the place of its embeddings");
        return c;
    }

    /// <inheritdoc/>
    public override TensorShapes TensorShapes()
    {
        var shapes = new TensorShapes();
        var (v, t) = (VisionConfig, TextConfig);

        const string Tower = "vision_tower.vision_model";
        shapes.Add($"{Tower}.embeddings.patch_embedding.weight", v.HiddenSize, v.NumChannels, v.PatchSize, v.PatchSize);
        shapes.Add($"{Tower}.embeddings.patch_embedding.bias", v.HiddenSize);
        shapes.Add($"{Tower}.embeddings.position_embedding.weight", v.Patches, v.HiddenSize);
        for (int i = 0; i < v.NumHiddenLayers; i++) shapes.AddVisionEncoderLayer($"{Tower}.encoder.layers.{i}", v.HiddenSize, v.IntermediateSize);
        shapes.AddLayerNorm($"{Tower}.post_layernorm", v.HiddenSize);
        if (v.VisionUseHead)
        {
            shapes.Add($"{Tower}.head.probe", 1, 1, v.HiddenSize);
            shapes.Add($"{Tower}.head.attention.in_proj_weight", 3L * v.HiddenSize, v.HiddenSize);
            shapes.Add($"{Tower}.head.attention.in_proj_bias", 3L * v.HiddenSize);
            shapes.AddLinear($"{Tower}.head.attention.out_proj", v.HiddenSize, v.HiddenSize, bias: true);
            shapes.AddLayerNorm($"{Tower}.head.layernorm", v.HiddenSize);
            shapes.AddLinear($"{Tower}.head.mlp.fc1", v.IntermediateSize, v.HiddenSize, bias: true);
            shapes.AddLinear($"{Tower}.head.mlp.fc2", v.HiddenSize, v.IntermediateSize, bias: true);
        }

        shapes.AddLinear("multi_modal_projector.linear", ProjectionDim, v.HiddenSize, bias: true);

        const string Language = "language_model.model";
        shapes.Add($"{Language}.embed_tokens.weight", t.VocabSize, t.HiddenSize);
        for (int i = 0; i < t.NumHiddenLayers; i++)
            shapes.AddDecoderLayer($"{Language}.layers.{i}", t, attentionBias: t.AttentionBias, outputBias: t.AttentionBias, mlpBias: false);
        shapes.Add($"{Language}.norm.weight", t.HiddenSize);
        if (!t.TieWordEmbeddings) shapes.Add("language_model.lm_head.weight", t.VocabSize, t.HiddenSize);
        return shapes;
    }
}
