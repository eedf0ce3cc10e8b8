using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>Self-attention with rotary positions and a key/value cache (transformers: LlamaAttention, GemmaAttention, Qwen2VLAttention).</summary>
sealed class Attention(Weights w, ITextConfig c, HookScope hooks)
{
    readonly Linear q_proj = new(w["q_proj"], c.HiddenSize, (long)c.NumAttentionHeads * c.HeadDim, c.AttentionBias);
    readonly Linear k_proj = new(w["k_proj"], c.HiddenSize, (long)c.NumKeyValueHeads * c.HeadDim, c.AttentionBias);
    readonly Linear v_proj = new(w["v_proj"], c.HiddenSize, (long)c.NumKeyValueHeads * c.HeadDim, c.AttentionBias);
    readonly Linear o_proj = new(w["o_proj"], (long)c.NumAttentionHeads * c.HeadDim, c.HiddenSize, c.AttentionOutputBias);
    readonly HookPoint pattern = hooks.Point("pattern", unitAxis: 1), z = hooks.Point("z");

    public Tensor Forward(Tensor x, RotaryTable rotary, AttentionMask mask, KeyValueCache.Layer? cache)     // [B,T,D] → [B,T,D]
    {
        using var scope = NewDisposeScope();
        var q = rotary.Apply(Heads(q_proj.Forward(x), c.NumAttentionHeads));            // [B,H,T,hd]
        var k = rotary.Apply(Heads(k_proj.Forward(x), c.NumKeyValueHeads));             // [B,Hkv,T,hd]
        var v = Heads(v_proj.Forward(x), c.NumKeyValueHeads);
        var attended = cache is { SharesPrefix: true } ? cache.AttendWithPrefix(q, k, v, mask, pattern) : Attend(q, k, v, mask, cache);
        var joined = z.At(attended.transpose(1, 2).reshape(x.shape[0], x.shape[1], (long)c.NumAttentionHeads * c.HeadDim));
        return o_proj.Forward(joined).MoveToOuterDisposeScope();
    }

    Tensor Attend(Tensor q, Tensor k, Tensor v, AttentionMask mask, KeyValueCache.Layer? cache)
    {
        if (cache is not null) (k, v) = cache.Append(k, v);                              // [B,Hkv,S,hd]
        return ScaledAttention.Forward(q, k, v, mask.Narrow(k.shape[2]), pattern);
    }

    Tensor Heads(Tensor x, long heads) => x.view(x.shape[0], x.shape[1], heads, c.HeadDim).transpose(1, 2);
}
