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
    readonly PatchEmbedding patch_embedding = new(w["embeddings.patch_embedding"], c.NumChannels, c.PatchSize, c.HiddenSize, bias: true);
    readonly Tensor position_embedding = w["embeddings"].Take("position_embedding.weight", c.Patches, c.HiddenSize);
    readonly VisionEncoderLayer[] layers =
        [.. Enumerable.Range(0, c.NumHiddenLayers).Select(i => new VisionEncoderLayer(w[$"encoder.layers.{i}"], c, hooks["blocks"][$"{i}"]))];
    readonly LayerNorm post_layernorm = new(w["post_layernorm"], c.HiddenSize, c.LayerNormEps);
    readonly SiglipPoolingHead? head = c.VisionUseHead ? new(w["head"], c) : null;

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

/// <summary>SigLIP's pooling (transformers: SiglipMultiheadAttentionPoolingHead), which some checkpoints hold and PaliGemma never runs.</summary>
sealed class SiglipPoolingHead
{
    public SiglipPoolingHead(Weights w, SiglipVisionConfig c)
    {
        w.Leave("probe", 1, 1, c.HiddenSize);
        w.Leave("attention.in_proj_weight", 3L * c.HiddenSize, c.HiddenSize);
        w.Leave("attention.in_proj_bias", 3L * c.HiddenSize);
        _ = new Linear(w["attention.out_proj"], c.HiddenSize, c.HiddenSize, bias: true);
        _ = new LayerNorm(w["layernorm"], c.HiddenSize, c.LayerNormEps);
        _ = new Linear(w["mlp.fc1"], c.HiddenSize, c.IntermediateSize, bias: true);
        _ = new Linear(w["mlp.fc2"], c.IntermediateSize, c.HiddenSize, bias: true);
    }
}

/// <summary>transformers: SiglipVisionConfig.</summary>
public sealed class SiglipVisionConfig(ConfigSection json) : IVisionConfig
{
    /// <summary>What PaliGemmaConfig takes where vision_config is left out: So400m/14 at 224 pixels.</summary>
    const string OfPaliGemma = """
        {"hidden_size":1152,"intermediate_size":4096,"num_hidden_layers":27,"num_attention_heads":16,"patch_size":14,"vision_use_head":false}
        """;

    public int HiddenSize { get; } = json.Size("hidden_size", 768);
    public int IntermediateSize { get; } = json.Size("intermediate_size", 3072);
    public int NumHiddenLayers { get; } = json.Size("num_hidden_layers", 12);
    public int NumAttentionHeads { get; } = json.Size("num_attention_heads", 12);
    public int NumChannels { get; } = json.Size("num_channels", 3);
    public int ImageSize { get; } = json.Size("image_size", 224);
    public int PatchSize { get; } = json.Size("patch_size", 16);
    public string HiddenAct { get; } = json.String("hidden_act", "gelu_pytorch_tanh");
    public double LayerNormEps { get; } = json.Double("layer_norm_eps", 1e-6);

    /// <summary>Whether the checkpoint also holds SigLIP's pooling head, which PaliGemma never runs.</summary>
    public bool VisionUseHead { get; } = json.Bool("vision_use_head", true);

    /// <inheritdoc cref="IVisionConfig.Patches"/>
    public int Patches => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <param name="root">The whole config.json.</param>
    internal static SiglipVisionConfig From(ConfigSection root)
    {
        var json = root.Has("vision_config") ? root.Section("vision_config") : ConfigSection.Parse(OfPaliGemma, root.Source);
        VisionLanguageConfig.RequireModelType(json, "vision_config", "siglip_vision_model");
        return VisionLanguageConfig.CheckVisionSizes(json, new SiglipVisionConfig(json));
    }
}
