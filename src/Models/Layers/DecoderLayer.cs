using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>One block of the language model: x + attn(norm(x)), then x + mlp(norm(x)) (transformers: LlamaDecoderLayer, GemmaDecoderLayer,
/// Qwen2VLDecoderLayer).</summary>
sealed class DecoderLayer(Weights w, ITextConfig c, Func<Weights, RmsNorm> norm, HookScope hooks)
{
    readonly HookPoint residPre = hooks.Point("resid_pre");
    readonly Attention self_attn = new(w["self_attn"], c, hooks["attn"]);
    readonly HookPoint attnOut = hooks.Point("attn.out");
    readonly GatedMlp mlp = new(w["mlp"], c, hooks["mlp"]);
    readonly HookPoint mlpOut = hooks.Point("mlp.out"), residPost = hooks.Point("resid_post");
    readonly RmsNorm input_layernorm = norm(w["input_layernorm"]), post_attention_layernorm = norm(w["post_attention_layernorm"]);

    public Tensor Forward(Tensor x, RotaryTable rotary, AttentionMask mask, KeyValueCache.Layer? cache)     // [B,T,D] → [B,T,D]
    {
        using var scope = NewDisposeScope();
        x = residPre.At(x);
        x = x.Plus(attnOut.At(self_attn.Forward(input_layernorm.Forward(x), rotary, mask, cache)));
        x = x.Plus(mlpOut.At(mlp.Forward(post_attention_layernorm.Forward(x))));
        return residPost.At(x).MoveToOuterDisposeScope();
    }
}
