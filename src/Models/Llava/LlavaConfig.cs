using System.Text.Json;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Images;

namespace Vrp.Models.Llava;

/// <summary>transformers: LlavaConfig (LLaVA-1.5; Liu et al. 2023, arXiv:2310.03744).</summary>
public sealed class LlavaConfig(ConfigSection json) : VisionLanguageConfig
{
    public ClipVisionConfig VisionConfig { get; } = ClipVisionConfig.From(json);
    public LlamaConfig TextConfig { get; } = LlamaConfig.From(json);
    public int ImageTokenIndex { get; } = json.Int("image_token_index", json.Int("image_token_id", 32000));
    public string ProjectorHiddenAct { get; } = json.String("projector_hidden_act", "gelu");
    public bool MultimodalProjectorBias { get; } = json.Bool("multimodal_projector_bias", true);

    /// <summary>Which hidden states of the vision tower are projected: index into [embeddings, block 0, …]; negative counts from the end. Several are joined
    /// along D.</summary>
    public IReadOnlyList<int> VisionFeatureLayers { get; } =
        json.Has("vision_feature_layer") && json.Json.GetProperty("vision_feature_layer").ValueKind == JsonValueKind.Array
            ? json.Ints("vision_feature_layer") : [json.Int("vision_feature_layer", -2)];

    /// <summary><c>default</c> drops the class token, <c>full</c> keeps it.</summary>
    public string VisionFeatureSelectStrategy { get; } = json.String("vision_feature_select_strategy", "default");

    public override string ModelType => "llava";
    public override ITextConfig Text => TextConfig;
    public override int ImageTokenId => ImageTokenIndex;
    public override int VisionLayers => VisionConfig.NumHiddenLayers;

    /// <summary>Image features per image.</summary>
    public int ImageTokens => VisionConfig.Patches + (VisionFeatureSelectStrategy == "full" ? 1 : 0);

    internal static LlavaConfig From(ConfigSection json)
    {
        var c = new LlavaConfig(json);
        if (c.VisionFeatureSelectStrategy is not ("default" or "full")) throw json.Unusable("vision_feature_select_strategy", "'default' or 'full'");
        var states = c.VisionConfig.NumHiddenLayers + 1L;
        if (c.VisionFeatureLayers.Count == 0 || c.VisionFeatureLayers.Any(layer => layer < -states || layer >= states))
            throw json.Unusable("vision_feature_layer", $"indices from {-states} to {states - 1}, as the vision tower has {states - 1} blocks");
        return c;
    }

    /// <inheritdoc/>
    public override (int Rows, int Columns) ImageGrid(ProcessedImages processed, int index) => processed.Cells(VisionConfig.PatchSize);
}
