using TorchSharp;
using Vrp.Models.Checkpoints;
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
