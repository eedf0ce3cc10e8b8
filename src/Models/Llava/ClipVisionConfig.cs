using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;

namespace Vrp.Models.Llava;

/// <summary>transformers: CLIPVisionConfig. A config without vision_config gets LLaVA-1.5's ViT-L/14 at 336 pixels, as LlavaConfig does.</summary>
public sealed record ClipVisionConfig
{
    public int HiddenSize { get; init; } = 1024;
    public int IntermediateSize { get; init; } = 4096;
    public int NumHiddenLayers { get; init; } = 24;
    public int NumAttentionHeads { get; init; } = 16;
    public int NumChannels { get; init; } = 3;
    public int ImageSize { get; init; } = 336;
    public int PatchSize { get; init; } = 14;
    public string HiddenAct { get; init; } = "quick_gelu";
    public double LayerNormEps { get; init; } = 1e-5;

    /// <summary>Patches of one image, without the class token.</summary>
    public int Patches => ImageSize / PatchSize * (ImageSize / PatchSize);

    internal static ClipVisionConfig From(ConfigSection json)
    {
        VisionLanguageConfig.RequireModelType(json, "vision_config", "clip_vision_model");
        var c = new ClipVisionConfig
        {
            HiddenSize = json.Size("hidden_size", 768),
            IntermediateSize = json.Size("intermediate_size", 3072),
            NumHiddenLayers = json.Size("num_hidden_layers", 12),
            NumAttentionHeads = json.Size("num_attention_heads", 12),
            NumChannels = json.Size("num_channels", 3),
            ImageSize = json.Size("image_size", 224),
            PatchSize = json.Size("patch_size", 32),
            HiddenAct = json.String("hidden_act", "quick_gelu"),
            LayerNormEps = json.Double("layer_norm_eps", 1e-5),
        };
        VisionLanguageConfig.CheckVisionSizes(json, c.HiddenSize, c.NumAttentionHeads, c.ImageSize, c.PatchSize);
        return c;
    }
}
