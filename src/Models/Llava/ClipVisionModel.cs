using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Llava;

/// <summary>LLaVA's vision tower (Radford et al. 2021, arXiv:2103.00020; transformers: CLIPVisionModel): patches and a class token, pre_layrnorm (so spelt),
/// blocks. The features come from inside; post_layernorm and the blocks beyond are not run unless a hook looks at them.</summary>
sealed class ClipVisionModel(Weights w, ClipVisionConfig c, HookScope hooks)
{
    readonly PatchEmbedding patch_embedding = new(w["embeddings"]["patch_embedding"]);
    readonly Tensor class_embedding = w["embeddings"]["class_embedding"];                // [D]
    readonly Tensor position_embedding = w["embeddings"]["position_embedding"]["weight"]; // [patches + 1, D]
    readonly LayerNorm pre_layrnorm = new(w["pre_layrnorm"], c.LayerNormEps);
    readonly VisionEncoderLayer[] layers = [.. Enumerable.Range(0, c.NumHiddenLayers).Select(i =>
        new VisionEncoderLayer(w["encoder"][$"layers.{i}"], c.NumAttentionHeads, c.HiddenAct, c.LayerNormEps, hooks["blocks"][$"{i}"]))];

    /// <param name="pixel_values">[N,C,S,S] in the model's dtype</param>
    /// <param name="featureLayers">Indices into [embeddings, block 0, …]; negative ones count from the end.</param>
    /// <returns>Those hidden states, class token first, joined along the units: [N, patches + 1, D · layers].</returns>
    public Tensor Forward(Tensor pixel_values, IReadOnlyList<int> featureLayers)
    {
        using var scope = NewDisposeScope();
        var patches = patch_embedding.Forward(pixel_values);                            // [N,patches,D]
        if (pixel_values.shape[2] != c.ImageSize || pixel_values.shape[3] != c.ImageSize)
            throw new ShapeException("CLIP vision tower", $"pixel_values [N, {c.NumChannels}, {c.ImageSize}, {c.ImageSize}]",
                ShapeException.Text(pixel_values));
        var x = cat([class_embedding.expand(patches.shape[0], 1, -1), patches], 1).Plus(position_embedding);
        x = pre_layrnorm.Forward(x);                                                    // [N,patches+1,D]

        int[] wanted = [.. featureLayers.Select(layer => layer < 0 ? layers.Length + 1 + layer : layer)];
        var features = new Tensor[wanted.Length];
        int needed = wanted.Max();
        for (int state = 0; ; state++)
        {
            for (int i = 0; i < wanted.Length; i++) if (wanted[i] == state) features[i] = x;
            if (state == layers.Length || (state >= needed && !layers.Skip(state).Any(layer => layer.IsWanted))) break;
            x = layers[state].Forward(x);
        }
        return (features.Length == 1 ? features[0] : cat(features, -1)).MoveToOuterDisposeScope();
    }
}

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
