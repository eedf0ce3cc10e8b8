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
    readonly Tensor class_embedding = w["embeddings"].Take("class_embedding", c.HiddenSize);
    readonly PatchEmbedding patch_embedding = new(w["embeddings.patch_embedding"], c.NumChannels, c.PatchSize, c.HiddenSize, bias: false);
    readonly Tensor position_embedding = w["embeddings"].Take("position_embedding.weight", c.Patches + 1, c.HiddenSize);
    readonly LayerNorm pre_layrnorm = new(w["pre_layrnorm"], c.HiddenSize, c.LayerNormEps);
    readonly VisionEncoderLayer[] layers =
        [.. Enumerable.Range(0, c.NumHiddenLayers).Select(i => new VisionEncoderLayer(w[$"encoder.layers.{i}"], c, hooks["blocks"][$"{i}"]))];
    readonly LayerNorm post_layernorm = new(w["post_layernorm"], c.HiddenSize, c.LayerNormEps);          // of the pooled output, which LLaVA does not ask for

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
        var needed = wanted.Max();
        for (var state = 0; ; state++)
        {
            for (var i = 0; i < wanted.Length; i++) if (wanted[i] == state) features[i] = x;
            if (state == layers.Length || (state >= needed && !layers.Skip(state).Any(layer => layer.IsWanted))) break;
            x = layers[state].Forward(x);
        }
        return (features.Length == 1 ? features[0] : cat(features, -1)).MoveToOuterDisposeScope();
    }
}

/// <summary>transformers: CLIPVisionConfig.</summary>
public sealed class ClipVisionConfig(ConfigSection json) : IVisionConfig
{
    /// <summary>What LlavaConfig takes where vision_config is left out: ViT-L/14 at 336 pixels.</summary>
    const string OfLlava = """{"hidden_size":1024,"intermediate_size":4096,"num_hidden_layers":24,"num_attention_heads":16,"image_size":336,"patch_size":14}""";

    public int HiddenSize { get; } = json.Size("hidden_size", 768);
    public int IntermediateSize { get; } = json.Size("intermediate_size", 3072);
    public int NumHiddenLayers { get; } = json.Size("num_hidden_layers", 12);
    public int NumAttentionHeads { get; } = json.Size("num_attention_heads", 12);
    public int NumChannels { get; } = json.Size("num_channels", 3);
    public int ImageSize { get; } = json.Size("image_size", 224);
    public int PatchSize { get; } = json.Size("patch_size", 32);
    public string HiddenAct { get; } = json.String("hidden_act", "quick_gelu");
    public double LayerNormEps { get; } = json.Double("layer_norm_eps", 1e-5);

    /// <inheritdoc cref="IVisionConfig.Patches"/>
    public int Patches => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <param name="root">The whole config.json.</param>
    internal static ClipVisionConfig From(ConfigSection root)
    {
        var json = root.Has("vision_config") ? root.Section("vision_config") : ConfigSection.Parse(OfLlava, root.Source);
        VisionLanguageConfig.RequireModelType(json, "vision_config", "clip_vision_model");
        return VisionLanguageConfig.CheckVisionSizes(json, new ClipVisionConfig(json));
    }
}
