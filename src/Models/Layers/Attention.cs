using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
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

/// <summary>softmax(q kᵀ / sqrt(hd) + mask) v, with as many or fewer key/value heads than query heads (Ainslie et al. 2023, arXiv:2305.13245). Softmax in
/// float32, as transformers' eager attention. The fused kernel runs unless the map itself is wanted.</summary>
static class ScaledAttention
{
    /// <param name="q">[B,H,T,hd]</param>
    /// <param name="k">[B,Hkv,S,hd]; Hkv divides H</param>
    /// <param name="v">[B,Hkv,S,hd]</param>
    /// <param name="mask">Which keys a query sees.</param>
    /// <param name="pattern">The hook point of the map [B,H,T,S].</param>
    /// <returns>[B,H,T,hd]</returns>
    public static Tensor Forward(Tensor q, Tensor k, Tensor v, AttentionMask mask, HookPoint pattern)
    {
        if (q.dim() != 4 || k.dim() != 4 || q.shape[0] != k.shape[0] || q.shape[1] % k.shape[1] != 0 || q.shape[3] != k.shape[3])
            throw new ShapeException("attention", "queries [B,H,T,hd] and keys [B,Hkv,S,hd] with Hkv dividing H",
                $"{ShapeException.Text(q)} and {ShapeException.Text(k)}");

        using var scope = NewDisposeScope();
        var need = pattern.Need;
        if (need == HookNeed.LastPosition)
        {
            var last = q.shape[2] - 1;
            // the last query sees all keys
            var rowMask = mask.Additive is { } a ? new AttentionMask(a.shape[2] > 1 ? a.narrow(2, last, 1) : a, false) : AttentionMask.None;
            pattern.At(Probabilities(q.narrow(2, last, 1), k, rowMask));                 // [B,H,1,S]
        }
        if (need != HookNeed.Everything) return Fused(q, k, v, mask).MoveToOuterDisposeScope();

        var p = pattern.At(Probabilities(q, k, mask));                                  // [B,H,T,S]
        return Grouped(p, k.shape[1], v).MoveToOuterDisposeScope();
    }

    /// <summary>The attention map [B,H,T,S] in q's dtype.</summary>
    static Tensor Probabilities(Tensor q, Tensor k, AttentionMask mask)
    {
        long queries = q.shape[2], keys = k.shape[2];
        var scores = Grouped(q, k.shape[1], k.transpose(-1, -2));                        // [B,H,T,S]
        scores = scores.TimesInPlace(1 / Math.Sqrt(q.shape[3]));
        if (mask.Additive is { } additive) scores = scores.PlusInPlace(additive);
        else if (mask.Causal && queries > 1)
            scores = scores.PlusInPlace(AttentionMask.Triangle(queries, keys, q.dtype, q.device));
        return Softmax(scores);
    }

    internal static Tensor Softmax(Tensor scores) =>
        scores.dtype == ScalarType.Float32 ? scores.softmax(-1) : scores.softmax(-1, ScalarType.Float32).to(scores.dtype);

    /// <summary>x [B,H,T,n] times one matrix [B,Hkv,n,m] per group of heads: a group's heads are more rows of one product, so that keys and values are never
    /// repeated.</summary>
    internal static Tensor Grouped(Tensor x, long groups, Tensor matrices)
    {
        if (x.shape[1] == groups) return matmul(x, matrices);
        var (b, h, t, n) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        return matmul(x.reshape(b, groups, h / groups * t, n), matrices).reshape(b, h, t, matrices.shape[3]);
    }

    /// <summary>libtorch's own kernel, which never holds the map: 1.3 to 2.6 × as fast on 590 positions.</summary>
    static Tensor Fused(Tensor q, Tensor k, Tensor v, AttentionMask mask)
    {
        var (b, h, t, hd) = (q.shape[0], q.shape[1], q.shape[2], q.shape[3]);
        long groups = k.shape[1], queries = h / groups;
        if (queries > 1 && t == 1)                                                      // decoding: a group's heads as queries, keys unrepeated
            return nn.functional.scaled_dot_product_attention(q.reshape(b, groups, queries, hd), k, v, mask.Additive).reshape(b, h, 1, hd);
        if (queries > 1)
        {
            k = k.unsqueeze(2).expand(b, groups, queries, k.shape[2], hd).reshape(b, h, k.shape[2], hd);
            v = v.unsqueeze(2).expand(b, groups, queries, v.shape[2], hd).reshape(b, h, v.shape[2], hd);
        }
        return nn.functional.scaled_dot_product_attention(q, k, v, mask.Additive, is_casual: mask.Additive is null && mask.Causal && t > 1);
    }
}
