using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.PaliGemma;

/// <summary>PaliGemma's vision tower (Zhai et al. 2023, arXiv:2303.15343; transformers: SiglipVisionModel): patches, blocks, post_layernorm; no class token, no
/// pooling.</summary>
sealed class SiglipVisionModel(Weights w, SiglipVisionConfig c, HookScope hooks)
{
    readonly PatchEmbedding patch_embedding = new(w["embeddings"]["patch_embedding"]);
    readonly Tensor position_embedding = w["embeddings"]["position_embedding"]["weight"]; // [patches,D]
    readonly VisionEncoderLayer[] layers = [.. Enumerable.Range(0, c.NumHiddenLayers).Select(i =>
        new VisionEncoderLayer(w["encoder"][$"layers.{i}"], c.NumAttentionHeads, c.HiddenAct, c.LayerNormEps, hooks["blocks"][$"{i}"]))];
    readonly LayerNorm post_layernorm = new(w["post_layernorm"], c.LayerNormEps);

    public Tensor Forward(Tensor pixel_values)                                          // [N,C,S,S] → [N,patches,D]
    {
        using var scope = NewDisposeScope();
        var x = patch_embedding.Forward(pixel_values);
        if (pixel_values.shape[2] != c.ImageSize || pixel_values.shape[3] != c.ImageSize)
            throw new ShapeException("SigLIP vision tower", $"pixel_values [N, {c.NumChannels}, {c.ImageSize}, {c.ImageSize}]",
                ShapeException.Text(pixel_values));
        x = x.Plus(position_embedding);
        foreach (var layer in layers) x = layer.Forward(x);
        return post_layernorm.Forward(x).MoveToOuterDisposeScope();
    }
}

/// <summary>transformers: SiglipVisionConfig. A PaliGemma config without vision_config gets So400m/14 at 224 pixels, as PaliGemmaConfig does.</summary>
public sealed record SiglipVisionConfig
{
    public int HiddenSize { get; init; } = 1152;
    public int IntermediateSize { get; init; } = 4096;
    public int NumHiddenLayers { get; init; } = 27;
    public int NumAttentionHeads { get; init; } = 16;
    public int NumChannels { get; init; } = 3;
    public int ImageSize { get; init; } = 224;
    public int PatchSize { get; init; } = 14;
    public string HiddenAct { get; init; } = "gelu_pytorch_tanh";
    public double LayerNormEps { get; init; } = 1e-6;

    /// <summary>Whether the checkpoint also holds SigLIP's pooling head, which PaliGemma never runs.</summary>
    public bool VisionUseHead { get; init; }

    /// <summary>Patches of one image; SigLIP has no class token.</summary>
    public int Patches => ImageSize / PatchSize * (ImageSize / PatchSize);

    internal static SiglipVisionConfig From(ConfigSection json)
    {
        VisionLanguageConfig.RequireModelType(json, "vision_config", "siglip_vision_model");
        var c = new SiglipVisionConfig
        {
            HiddenSize = json.Size("hidden_size", 768),
            IntermediateSize = json.Size("intermediate_size", 3072),
            NumHiddenLayers = json.Size("num_hidden_layers", 12),
            NumAttentionHeads = json.Size("num_attention_heads", 12),
            NumChannels = json.Size("num_channels", 3),
            ImageSize = json.Size("image_size", 224),
            PatchSize = json.Size("patch_size", 16),
            HiddenAct = json.String("hidden_act", "gelu_pytorch_tanh"),
            LayerNormEps = json.Double("layer_norm_eps", 1e-6),
            VisionUseHead = json.Bool("vision_use_head", true),
        };
        VisionLanguageConfig.CheckVisionSizes(json, c.HiddenSize, c.NumAttentionHeads, c.ImageSize, c.PatchSize);
        return c;
    }
}
