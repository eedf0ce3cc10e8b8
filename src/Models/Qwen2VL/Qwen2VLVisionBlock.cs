using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Qwen2VL;

/// <summary>x + attn(norm1(x)), then x + mlp(norm2(x)) (transformers: Qwen2VLVisionBlock).</summary>
sealed class Qwen2VLVisionBlock(Weights w, Qwen2VLVisionConfig c, HookScope hooks)
{
    const double Eps = 1e-6;                                                            // fixed in transformers' code

    readonly HookPoint residPre = hooks.Point("resid_pre");
    readonly LayerNorm norm1 = new(w["norm1"], Eps), norm2 = new(w["norm2"], Eps);
    readonly Qwen2VLVisionAttention attn = new(w["attn"], c.NumHeads, hooks["attn"]);
    readonly HookPoint attnOut = hooks.Point("attn.out");
    readonly VisionMlp mlp = new(w["mlp"], c.HiddenAct, hooks["mlp"]);
    readonly HookPoint mlpOut = hooks.Point("mlp.out"), residPost = hooks.Point("resid_post");

    public Tensor Forward(Tensor x, RotaryTable rotary, IReadOnlyList<long> lengths)     // [patches,D] → [patches,D]
    {
        using var scope = NewDisposeScope();
        x = residPre.At(x);
        x = x.Plus(attnOut.At(attn.Forward(norm1.Forward(x), rotary, lengths)));
        x = x.Plus(mlpOut.At(mlp.Forward(norm2.Forward(x))));
        return residPost.At(x).MoveToOuterDisposeScope();
    }
}
