using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>Every patch attends to every patch of its image (transformers: CLIPAttention, SiglipAttention).</summary>
sealed class VisionAttention(Weights w, int numAttentionHeads, HookScope hooks)
{
    readonly Linear q_proj = new(w["q_proj"]), k_proj = new(w["k_proj"]), v_proj = new(w["v_proj"]), out_proj = new(w["out_proj"]);
    readonly HookPoint pattern = hooks.Point("pattern", unitAxis: 1), z = hooks.Point("z");

    public Tensor Forward(Tensor x)                                                     // [N,patches,D] → [N,patches,D]
    {
        using var scope = NewDisposeScope();
        var attended = ScaledAttention.Forward(Heads(q_proj.Forward(x)), Heads(k_proj.Forward(x)), Heads(v_proj.Forward(x)), AttentionMask.None, pattern);
        return out_proj.Forward(z.At(attended.transpose(1, 2).reshape(x.shape))).MoveToOuterDisposeScope();
    }

    public bool IsWanted => pattern.Need != HookNeed.None || z.Need != HookNeed.None;

    Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], numAttentionHeads, x.shape[2] / numAttentionHeads).transpose(1, 2);
}
