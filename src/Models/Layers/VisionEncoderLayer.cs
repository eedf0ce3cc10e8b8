using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>One block of a vision tower with positions in its embeddings: x + attn(norm(x)), then x + mlp(norm(x)) (transformers: CLIPEncoderLayer,
/// SiglipEncoderLayer).</summary>
sealed class VisionEncoderLayer(Weights w, IVisionConfig c, HookScope hooks)
{
    readonly HookPoint residPre = hooks.Point("resid_pre");
    readonly VisionAttention self_attn = new(w["self_attn"], c.HiddenSize, c.NumAttentionHeads, hooks["attn"]);
    readonly LayerNorm layer_norm1 = new(w["layer_norm1"], c.HiddenSize, c.LayerNormEps);
    readonly HookPoint attnOut = hooks.Point("attn.out");
    readonly VisionMlp mlp = new(w["mlp"], c.HiddenSize, c.IntermediateSize, c.HiddenAct, hooks["mlp"]);
    readonly LayerNorm layer_norm2 = new(w["layer_norm2"], c.HiddenSize, c.LayerNormEps);
    readonly HookPoint mlpOut = hooks.Point("mlp.out"), residPost = hooks.Point("resid_post");

    public Tensor Forward(Tensor x)                                                     // [N,patches,D] → [N,patches,D]
    {
        using var scope = NewDisposeScope();
        x = residPre.At(x);
        x = x.Plus(attnOut.At(self_attn.Forward(layer_norm1.Forward(x))));
        x = x.Plus(mlpOut.At(mlp.Forward(layer_norm2.Forward(x))));
        return residPost.At(x).MoveToOuterDisposeScope();
    }

    /// <summary>Whether this forward looks into the block: LLaVA runs blocks beyond its feature layer for that alone.</summary>
    public bool IsWanted => new[] { residPre, attnOut, mlpOut, residPost }.Any(point => point.Need != HookNeed.None) || self_attn.IsWanted || mlp.IsWanted;
}

/// <summary>Every patch attends to every patch of its image (transformers: CLIPAttention, SiglipAttention).</summary>
sealed class VisionAttention(Weights w, long hiddenSize, int numAttentionHeads, HookScope hooks)
{
    readonly Linear q_proj = new(w["q_proj"], hiddenSize, hiddenSize, bias: true), k_proj = new(w["k_proj"], hiddenSize, hiddenSize, bias: true);
    readonly Linear v_proj = new(w["v_proj"], hiddenSize, hiddenSize, bias: true), out_proj = new(w["out_proj"], hiddenSize, hiddenSize, bias: true);
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
