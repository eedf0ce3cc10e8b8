using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Qwen2VL;

/// <summary>Patches of all images in one sequence; each attends to the patches of its own image (transformers: qwen2_vl VisionAttention).</summary>
sealed class Qwen2VLVisionAttention(Weights w, int numHeads, HookScope hooks)
{
    readonly Linear qkv = new(w["qkv"]), proj = new(w["proj"]);
    readonly HookPoint pattern = hooks.Point("pattern", unitAxis: 1), z = hooks.Point("z");

    /// <param name="x">[patches,D]</param>
    /// <param name="rotary">Of row and column of each patch.</param>
    /// <param name="lengths">Patches of each image (each frame), summing to all patches.</param>
    public Tensor Forward(Tensor x, RotaryTable rotary, IReadOnlyList<long> lengths)
    {
        using var scope = NewDisposeScope();
        long patches = x.shape[0], units = x.shape[1];
        var all = qkv.Forward(x).view(1, patches, 3, numHeads, units / numHeads).permute(2, 0, 3, 1, 4);    // [3,1,H,patches,hd]
        var q = rotary.Apply(all.select(0, 0));                                          // [1,H,patches,hd]
        var k = rotary.Apply(all.select(0, 1));
        var v = all.select(0, 2);
        var attended = pattern.Need != HookNeed.None ? ScaledAttention.Forward(q, k, v, BlockDiagonal(lengths, x), pattern) : PerImage(q, k, v, lengths);
        return proj.Forward(z.At(attended.transpose(1, 2).reshape(patches, units))).MoveToOuterDisposeScope();
    }

    /// <summary>One attention per image, or one for all when they are of a size.</summary>
    Tensor PerImage(Tensor q, Tensor k, Tensor v, IReadOnlyList<long> lengths)
    {
        var (h, patches, hd) = (q.shape[1], q.shape[2], q.shape[3]);
        if (lengths.All(length => length == lengths[0]))
        {
            Tensor Split(Tensor t) => t.view(h, lengths.Count, lengths[0], hd).transpose(0, 1);              // [N,H,length,hd]
            var together = ScaledAttention.Forward(Split(q.contiguous()), Split(k.contiguous()), Split(v.contiguous()), AttentionMask.None, pattern);
            return together.transpose(0, 1).reshape(1, h, patches, hd);
        }
        var parts = new List<Tensor>();
        long start = 0;
        foreach (long length in lengths)
        {
            parts.Add(ScaledAttention.Forward(q.narrow(2, start, length), k.narrow(2, start, length), v.narrow(2, start, length), AttentionMask.None, pattern));
            start += length;
        }
        return cat(parts, 2);
    }

    /// <summary>The same as a mask over all patches, for when the map itself is looked at.</summary>
    static AttentionMask BlockDiagonal(IReadOnlyList<long> lengths, Tensor x)
    {
        long patches = x.shape[0], start = 0;
        var mask = TensorArithmetic.Filled([1, 1, patches, patches], AttentionMask.Lowest(x.dtype), x.dtype, x.device);
        foreach (long length in lengths)
        {
            mask.narrow(2, start, length).narrow(3, start, length).zero_();
            start += length;
        }
        return new AttentionMask(mask, false);
    }
}
