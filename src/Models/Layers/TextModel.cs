using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>A decoder-only language model: embeddings, blocks, final norm, head. The families differ in norm, activation, rotary axes and in how embeddings are
/// scaled (transformers: LlamaModel, GemmaModel, Qwen2VLTextModel and their lm_head). Works with autograd on.</summary>
public abstract class TextModel
{
    readonly Tensor embed_tokens, lm_head;
    readonly DecoderLayer[] layers;
    readonly RmsNorm norm;
    readonly RotaryEmbedding rotary_emb;
    readonly HookPoint finalNorm, logits;

    /// <param name="w">Cursor at the model (<c>embed_tokens</c>, <c>layers</c>, <c>norm</c>).</param>
    /// <param name="head">Cursor at the weights above <c>lm_head</c>; not looked at when the config ties the head to the embeddings.</param>
    /// <param name="c">Sizes.</param>
    /// <param name="hooks">The model's root scope.</param>
    /// <param name="unitOffsetNorm">Gemma's norm, scaling by 1 + weight.</param>
    /// <param name="mropeSection">Qwen2-VL's rotary sections.</param>
    private protected TextModel(Weights w, Weights head, ITextConfig c, HookScope hooks, bool unitOffsetNorm = false, IReadOnlyList<int>? mropeSection = null)
    {
        Config = c;
        embed_tokens = w.Take("embed_tokens.weight", c.VocabSize, c.HiddenSize);
        RmsNorm Norm(Weights weights) => new(weights, c.HiddenSize, c.RmsNormEps, unitOffsetNorm);
        layers = [.. Enumerable.Range(0, c.NumHiddenLayers).Select(i => new DecoderLayer(w[$"layers.{i}"], c, Norm, hooks["blocks"][$"{i}"]))];
        norm = Norm(w["norm"]);
        lm_head = c.TieWordEmbeddings ? embed_tokens : head.Take("lm_head.weight", c.VocabSize, c.HiddenSize);
        rotary_emb = new RotaryEmbedding(c.HeadDim, c.RopeTheta, mropeSection);
        (finalNorm, logits) = (hooks.Point("final_norm"), hooks.Point("logits"));
    }

    public ITextConfig Config { get; }

    /// <summary>The dtype of weights and activations.</summary>
    public ScalarType Dtype => embed_tokens.dtype;

    public Device Device => embed_tokens.device;

    /// <summary>What this language model has computed; counted with the whole model's.</summary>
    internal PassCounter Passes { get; } = new();

    /// <summary>Token embeddings as the checkpoint holds them. ids: int64 [B,T] on the model's device, each below the vocabulary's size.</summary>
    public Tensor Embed(Tensor ids)                                                     // [B,T] → [B,T,D]
    {
        using var scope = NewDisposeScope();
        return embed_tokens.index_select(0, ids.reshape(-1)).view(ids.shape[0], ids.shape[1], Config.HiddenSize).MoveToOuterDisposeScope();
    }

    /// <summary>What the family does to inputs_embeds before block 0; nothing but in Gemma.</summary>
    public virtual Tensor Scale(Tensor inputs_embeds) => inputs_embeds;

    /// <summary>Runs the blocks, from <paramref name="firstLayer"/> up to <paramref name="endLayer"/>.</summary>
    /// <param name="x">The input of block <paramref name="firstLayer"/>, [B,T,D]; of block 0: scaled embeddings.</param>
    /// <param name="positions">int64 [B,T] ([3,B,T] in Qwen2-VL); B may be 1 for all rows.</param>
    /// <param name="mask">Which keys a query sees.</param>
    /// <param name="cache">Where keys and values are kept and earlier ones come from; null to read the sequence alone.</param>
    /// <param name="firstLayer">Blocks before it are left out.</param>
    /// <param name="endLayer">Blocks from it on are left out; null: none.</param>
    /// <returns>The output of the last block that ran, before the final norm, [B,T,D].</returns>
    public Tensor Forward(Tensor x, Tensor positions, AttentionMask mask, KeyValueCache? cache = null, int firstLayer = 0, int? endLayer = null)
    {
        ShapeException.ThrowIfLastIsNot(Config.HiddenSize, x, "language model");
        if (x.dim() != 3 || positions.shape[^1] != x.shape[1]) throw new ShapeException("language model", "x [B,T,D] and positions [B,T] or [3,B,T]",
            $"{ShapeException.Text(x)} and {ShapeException.Text(positions)}");
        var end = endLayer ?? layers.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, layers.Length, nameof(endLayer));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstLayer, end);
        cache?.CheckStart(firstLayer);
        if (cache is not null && end != layers.Length)
            throw new ArgumentException($"A cache needs all blocks up to the last, {layers.Length}.", nameof(endLayer));

        using var scope = NewDisposeScope();
        var rotary = rotary_emb.Table(positions, x.dtype);
        for (var i = firstLayer; i < end; i++)
        {
            var next = layers[i].Forward(x, rotary, mask, cache?[i]);
            if (i > firstLayer) x.Dispose();                                            // made here; autograd keeps what it needs
            x = next;
        }
        cache?.Advance((int)x.shape[1]);
        Passes.AddBlocks(x.shape[0], x.shape[1], end - firstLayer);
        return (firstLayer == end ? x.alias() : x).MoveToOuterDisposeScope();  // the caller's x stays in the caller's scope
    }

    /// <summary>Logits of last-block outputs: final norm, then head. [B,T,D] → [B,T,V], in the model's dtype. With <paramref name="lastOnly"/> and no capture
    /// that says otherwise, of the last position alone: [B,1,V].</summary>
    public Tensor Logits(Tensor x, bool lastOnly)
    {
        using var scope = NewDisposeScope();
        if (lastOnly && finalNorm.Need != HookNeed.Everything && logits.Need != HookNeed.Everything) x = x.narrow(1, x.shape[1] - 1, 1);
        var result = logits.At(Linear.Apply(finalNorm.At(norm.Forward(x)), lm_head));
        if (lastOnly && result.shape[1] > 1) result = result.narrow(1, result.shape[1] - 1, 1);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Any residual states [..., D] through the final norm and the head, past all hook points: the logit lens (nostalgebraist 2020).</summary>
    public Tensor Unembed(Tensor states)                                                // [..., D] → [..., V]
    {
        using var scope = NewDisposeScope();
        return Linear.Apply(norm.Forward(states.to(Dtype).to(Device)), lm_head).MoveToOuterDisposeScope();
    }

    /// <summary>Some logits of any residual states through the final norm and the head, without the other V: the logit lens of chosen tokens.</summary>
    /// <param name="states">[B,L,D]</param>
    /// <param name="ids">int64 [B,N]</param>
    /// <returns>float32 [B,L,N]</returns>
    public Tensor LensLogits(Tensor states, Tensor ids)
    {
        using var scope = NewDisposeScope();
        var normed = norm.Forward(states.to(Dtype).to(Device)).to(ScalarType.Float32);   // [B,L,D]
        return matmul(normed, HeadRows(ids).transpose(-1, -2)).MoveToOuterDisposeScope();
    }

    /// <summary>The direction whose inner product with what a block adds to the residual stream is that block's share of logit(<paramref name="ids"/>) −
    /// logit(<paramref name="others"/>), the final norm's divisor held at what it was (direct logit attribution; Elhage et al. 2021, "A Mathematical Framework
    /// for Transformer Circuits").</summary>
    /// <param name="states">The last block's output, [B,D].</param>
    /// <param name="ids">int64 [B]</param>
    /// <param name="others">int64 [B]</param>
    /// <returns>float32 [B,D]</returns>
    public Tensor LogitDirections(Tensor states, Tensor ids, Tensor others)
    {
        using var scope = NewDisposeScope();
        var difference = HeadRows(ids.unsqueeze(-1)).squeeze(1) - HeadRows(others.unsqueeze(-1)).squeeze(1);        // [B,D]
        return (difference * norm.Gain * norm.InverseRms(states.to(Device))).MoveToOuterDisposeScope();
    }

    /// <summary>Rows of the head, float32 [B,N,D].</summary>
    Tensor HeadRows(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return lm_head.index_select(0, ids.to(Device).reshape(-1)).view(ids.shape[0], ids.shape[1], Config.HiddenSize).to(ScalarType.Float32)
            .MoveToOuterDisposeScope();
    }
}

/// <summary>What a model has computed so far, counted where it is computed: the price of a measurement in units that do not depend on the machine.</summary>
public sealed class PassCounter
{
    /// <summary>Images through the vision tower.</summary>
    public long Images { get; private set; }

    /// <summary>Prompts read from their first token; a head that several prompts share is one, and what continues from it is none.</summary>
    public long Prompts { get; private set; }

    /// <summary>Positions of prompts read, padding included.</summary>
    public long PromptPositions { get; private set; }

    /// <summary>Of them, padding.</summary>
    public long PaddedPositions { get; private set; }

    /// <summary>Positions that the same batches take where every prompt is read in full.</summary>
    public long UnsharedPositions { get; private set; }

    /// <summary>Tokens read after a prompt, one per answer and step.</summary>
    public long DecodedTokens { get; private set; }

    /// <summary>Positions × blocks of the language model: a prompt of T tokens is T·L, a restart of its last position at block l is L − l.</summary>
    public long BlockPositions { get; private set; }

    internal void AddImages(long images) => Images += images;

    /// <param name="inputs">A batch that was read.</param>
    /// <param name="unshared">What it takes without sharing: heads nothing, tails the whole prompts.</param>
    /// <param name="continued">Whether it continues from heads.</param>
    internal void AddPrompts(ModelInputs inputs, long unshared, bool continued = false)
    {
        if (!continued) Prompts += inputs.Rows;
        PromptPositions += inputs.Rows * (long)inputs.Length;
        foreach (var seen in inputs.AttentionMask)
            if (seen == 0) PaddedPositions++;
        UnsharedPositions += unshared;
    }

    internal void AddDecodedTokens(long tokens) => DecodedTokens += tokens;
    internal void AddBlocks(long rows, long positions, long blocks) => BlockPositions += rows * positions * blocks;
}

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
