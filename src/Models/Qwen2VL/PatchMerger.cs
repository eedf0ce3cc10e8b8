using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Qwen2VL;

/// <summary>Joins each square of neighbouring patches, which lie next to each other in the sequence, and maps it to the language model's units (transformers:
/// qwen2_vl PatchMerger).</summary>
sealed class PatchMerger(Weights w, Qwen2VLVisionConfig c)
{
    readonly LayerNorm ln_q = new(w["ln_q"], 1e-6);
    readonly Linear mlp_0 = new(w["mlp.0"]), mlp_2 = new(w["mlp.2"]);

    public Tensor Forward(Tensor x)                                                     // [patches,Dv] → [patches / merge²,D]
    {
        using var scope = NewDisposeScope();
        var joined = ln_q.Forward(x).view(-1, (long)c.EmbedDim * c.SpatialMergeSize * c.SpatialMergeSize);
        return mlp_2.Forward(nn.functional.gelu(mlp_0.Forward(joined))).MoveToOuterDisposeScope();
    }
}
