using System.Text.Json;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;

namespace Vrp.Models.Llava;

/// <summary>transformers: LlavaConfig (LLaVA-1.5; Liu et al. 2023, arXiv:2310.03744).</summary>
public sealed record LlavaConfig : VisionLanguageConfig
{
    public ClipVisionConfig VisionConfig { get; init; } = new();
    public LlamaConfig TextConfig { get; init; } = new();
    public int ImageTokenIndex { get; init; } = 32000;
    public string ProjectorHiddenAct { get; init; } = "gelu";
    public bool MultimodalProjectorBias { get; init; } = true;

    /// <summary>Which hidden states of the vision tower are projected: index into [embeddings, block 0, …]; negative counts from the end. Several are joined
    /// along D.</summary>
    public IReadOnlyList<int> VisionFeatureLayers { get; init; } = [-2];

    /// <summary><c>default</c> drops the class token, <c>full</c> keeps it.</summary>
    public string VisionFeatureSelectStrategy { get; init; } = "default";

    public override string ModelType => "llava";
    public override ITextConfig Text => TextConfig;
    public override int ImageTokenId => ImageTokenIndex;
    public override int VisionLayers => VisionConfig.NumHiddenLayers;

    /// <summary>Image features per image.</summary>
    public int ImageTokens => VisionConfig.Patches + (VisionFeatureSelectStrategy == "full" ? 1 : 0);

    internal static LlavaConfig From(ConfigSection json)
    {
        string strategy = json.String("vision_feature_select_strategy", "default");
        if (strategy is not ("default" or "full")) throw json.Unusable("vision_feature_select_strategy", "'default' or 'full'");
        var c = new LlavaConfig
        {
            VisionConfig = json.Has("vision_config") ? ClipVisionConfig.From(json.Section("vision_config")) : new(),
            TextConfig = LlamaConfig.From(json.Section("text_config")),
            ImageTokenIndex = json.Int("image_token_index", json.Int("image_token_id", 32000)),
            ProjectorHiddenAct = json.String("projector_hidden_act", "gelu"),
            MultimodalProjectorBias = json.Bool("multimodal_projector_bias", true),
            VisionFeatureLayers = json.Has("vision_feature_layer") && json.Json.GetProperty("vision_feature_layer").ValueKind == JsonValueKind.Array
                ? json.Ints("vision_feature_layer") : [json.Int("vision_feature_layer", -2)],
            VisionFeatureSelectStrategy = strategy,
        };
        int states = c.VisionConfig.NumHiddenLayers + 1;
        if (c.VisionFeatureLayers.Count == 0 || c.VisionFeatureLayers.Any(layer => layer < -states || layer >= states))
            throw json.Unusable("vision_feature_layer", $"indices from {-states} to {states - 1}, as the vision tower has {states - 1} blocks");
        return c;
    }

    /// <inheritdoc/>
    public override TensorShapes TensorShapes()
    {
        var shapes = new TensorShapes();
        var (v, t) = (VisionConfig, TextConfig);

        const string Tower = "vision_tower.vision_model";
        shapes.Add($"{Tower}.embeddings.class_embedding", v.HiddenSize);
        shapes.Add($"{Tower}.embeddings.patch_embedding.weight", v.HiddenSize, v.NumChannels, v.PatchSize, v.PatchSize);
        shapes.Add($"{Tower}.embeddings.position_embedding.weight", v.Patches + 1, v.HiddenSize);
        shapes.AddLayerNorm($"{Tower}.pre_layrnorm", v.HiddenSize);                     // the misspelling is transformers' own
        for (int i = 0; i < v.NumHiddenLayers; i++) shapes.AddVisionEncoderLayer($"{Tower}.encoder.layers.{i}", v.HiddenSize, v.IntermediateSize);
        shapes.AddLayerNorm($"{Tower}.post_layernorm", v.HiddenSize);

        shapes.AddLinear("multi_modal_projector.linear_1", t.HiddenSize, (long)v.HiddenSize * VisionFeatureLayers.Count, MultimodalProjectorBias);
        shapes.AddLinear("multi_modal_projector.linear_2", t.HiddenSize, t.HiddenSize, MultimodalProjectorBias);

        const string Language = "language_model.model";
        shapes.Add($"{Language}.embed_tokens.weight", t.VocabSize, t.HiddenSize);
        for (int i = 0; i < t.NumHiddenLayers; i++)
            shapes.AddDecoderLayer($"{Language}.layers.{i}", t, attentionBias: t.AttentionBias, outputBias: t.AttentionBias, mlpBias: t.MlpBias);
        shapes.Add($"{Language}.norm.weight", t.HiddenSize);
        if (!t.TieWordEmbeddings) shapes.Add("language_model.lm_head.weight", t.VocabSize, t.HiddenSize);
        return shapes;
    }
}
