using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Qwen2VL;

/// <summary>Qwen2-VL's vision tower (arXiv:2409.12191 §2.1; transformers: Qwen2VisionTransformerPretrainedModel): images at their own size, two-dimensional
/// rotary positions.</summary>
sealed class Qwen2VLVisionModel
{
    readonly Qwen2VLVisionConfig c;
    readonly Tensor patch_embed;                                                        // [D, C·T·P·P]: a Conv3d whose stride is its kernel
    readonly Qwen2VLVisionBlock[] blocks;
    readonly RotaryEmbedding rotary_pos_emb;

    public Qwen2VLVisionModel(Weights w, Qwen2VLVisionConfig c, HookScope hooks)
    {
        this.c = c;
        patch_embed = w.Take("patch_embed.proj.weight", c.EmbedDim, c.InChannels, c.TemporalPatchSize, c.PatchSize, c.PatchSize);
        blocks = [.. Enumerable.Range(0, c.Depth).Select(i => new Qwen2VLVisionBlock(w[$"blocks.{i}"], c, hooks["blocks"][$"{i}"]))];
        rotary_pos_emb = new RotaryEmbedding(c.EmbedDim / c.NumHeads / 2, 10000);        // half a head for rows, half for columns
    }

    /// <param name="pixel_values">[patches, C·T·P·P], squares of merge² patches together</param>
    /// <param name="image_grid_thw">Per image: frames, rows, columns of patches.</param>
    /// <returns>[patches,D]</returns>
    public Tensor Forward(Tensor pixel_values, long[,] image_grid_thw)
    {
        var patches = Enumerable.Range(0, image_grid_thw.GetLength(0)).Sum(i => image_grid_thw[i, 0] * image_grid_thw[i, 1] * image_grid_thw[i, 2]);
        if (pixel_values.dim() != 2 || pixel_values.shape[0] != patches || pixel_values.shape[1] != c.PatchDim)
            throw new ShapeException("Qwen2-VL vision tower", $"pixel_values [{patches}, {c.PatchDim}], as image_grid_thw says",
                ShapeException.Text(pixel_values));

        using var scope = NewDisposeScope();
        var x = Linear.Apply(pixel_values, patch_embed.view(c.EmbedDim, c.PatchDim));
        var rotary = Rotary(image_grid_thw, patches);
        var lengths = Enumerable.Range(0, image_grid_thw.GetLength(0))
            .SelectMany(i => Enumerable.Repeat(image_grid_thw[i, 1] * image_grid_thw[i, 2], (int)image_grid_thw[i, 0])).ToArray();
        foreach (var block in blocks) x = block.Forward(x, rotary, lengths);
        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Row and column of every patch in the sequence's order (frame, square row, square column, row in square, column in square), each turning half of
    /// the frequencies.</summary>
    RotaryTable Rotary(long[,] grid, long patches)
    {
        var rows = new long[patches];
        var columns = new long[patches];
        int m = c.SpatialMergeSize, at = 0;
        for (var image = 0; image < grid.GetLength(0); image++)
            for (long frame = 0; frame < grid[image, 0]; frame++)
                for (long row = 0; row < grid[image, 1]; row += m)
                    for (long column = 0; column < grid[image, 2]; column += m)
                        for (var r = 0; r < m; r++)
                            for (var k = 0; k < m; k++, at++) (rows[at], columns[at]) = (row + r, column + k);
        return rotary_pos_emb.TwoDimensional(tensor(rows), tensor(columns), ScalarType.Float32, patch_embed.device);
    }
}

/// <summary>transformers: Qwen2VLVisionConfig.</summary>
public sealed class Qwen2VLVisionConfig(ConfigSection json)
{
    public int Depth { get; } = json.Size("depth", 32);
    public int EmbedDim { get; } = json.Size("embed_dim", 1280);

    /// <summary>Output size of the merger: the language model's hidden size.</summary>
    public int HiddenSize { get; } = json.Size("hidden_size", 3584);

    public string HiddenAct { get; } = json.String("hidden_act", "quick_gelu");
    public double MlpRatio { get; } = json.Double("mlp_ratio", 4);
    public int NumHeads { get; } = json.Size("num_heads", 16);
    public int InChannels { get; } = json.Size("in_channels", 3);        // the hub's in_chans is ignored by transformers as well
    public int PatchSize { get; } = json.Size("patch_size", 14);
    public int SpatialMergeSize { get; } = json.Size("spatial_merge_size", 2);
    public int TemporalPatchSize { get; } = json.Size("temporal_patch_size", 2);

    /// <summary>Values of one flattened patch, in pixel_values' order: channel, time, row, column.</summary>
    public long PatchDim => (long)InChannels * TemporalPatchSize * PatchSize * PatchSize;

    /// <summary>Units of a square of patches that the merger joins.</summary>
    public long MergedDim => (long)EmbedDim * SpatialMergeSize * SpatialMergeSize;

    public long MlpHiddenDim => (long)(EmbedDim * MlpRatio);

    internal static Qwen2VLVisionConfig From(ConfigSection json)
    {
        const int Most = 1000;                                                          // a thousand times what is published, and products still fit
        var c = new Qwen2VLVisionConfig(json);
        foreach (var (key, size) in new[] { ("in_channels", c.InChannels), ("patch_size", c.PatchSize), ("spatial_merge_size", c.SpatialMergeSize),
            ("temporal_patch_size", c.TemporalPatchSize) })
            if (size > Most) throw json.Unusable(key, $"at most {Most}");
        if (c.MlpRatio is not (> 0 and <= Most)) throw json.Unusable("mlp_ratio", $"a number above 0, at most {Most}");
        return c.EmbedDim % c.NumHeads == 0 && c.EmbedDim / c.NumHeads % 4 == 0 ? c
            : throw json.Unusable("num_heads", $"a divisor of embed_dim {c.EmbedDim} that leaves heads of a multiple of 4 units, "
                + "which two-dimensional rotary positions need");
    }
}

/// <summary>x + attn(norm1(x)), then x + mlp(norm2(x)) (transformers: Qwen2VLVisionBlock).</summary>
sealed class Qwen2VLVisionBlock(Weights w, Qwen2VLVisionConfig c, HookScope hooks)
{
    const double Eps = 1e-6;                                                            // fixed in transformers' code

    readonly HookPoint residPre = hooks.Point("resid_pre");
    readonly LayerNorm norm1 = new(w["norm1"], c.EmbedDim, Eps), norm2 = new(w["norm2"], c.EmbedDim, Eps);
    readonly Qwen2VLVisionAttention attn = new(w["attn"], c, hooks["attn"]);
    readonly HookPoint attnOut = hooks.Point("attn.out");
    readonly VisionMlp mlp = new(w["mlp"], c.EmbedDim, c.MlpHiddenDim, c.HiddenAct, hooks["mlp"]);
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

/// <summary>Patches of all images in one sequence; each attends to the patches of its own image (transformers: qwen2_vl VisionAttention).</summary>
sealed class Qwen2VLVisionAttention(Weights w, Qwen2VLVisionConfig c, HookScope hooks)
{
    readonly Linear qkv = new(w["qkv"], c.EmbedDim, 3L * c.EmbedDim, bias: true), proj = new(w["proj"], c.EmbedDim, c.EmbedDim, bias: true);
    readonly HookPoint pattern = hooks.Point("pattern", unitAxis: 1), z = hooks.Point("z");

    /// <param name="x">[patches,D]</param>
    /// <param name="rotary">Of row and column of each patch.</param>
    /// <param name="lengths">Patches of each image (each frame), summing to all patches.</param>
    public Tensor Forward(Tensor x, RotaryTable rotary, IReadOnlyList<long> lengths)
    {
        using var scope = NewDisposeScope();
        long patches = x.shape[0], units = x.shape[1];
        var all = qkv.Forward(x).view(1, patches, 3, c.NumHeads, units / c.NumHeads).permute(2, 0, 3, 1, 4);    // [3,1,H,patches,hd]
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
        foreach (var length in lengths)
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
        foreach (var length in lengths)
        {
            mask.narrow(2, start, length).narrow(3, start, length).zero_();
            start += length;
        }
        return new AttentionMask(mask, false);
    }
}

/// <summary>Joins each square of neighbouring patches, which lie next to each other in the sequence, and maps it to the language model's units (transformers:
/// qwen2_vl PatchMerger).</summary>
sealed class PatchMerger(Weights w, Qwen2VLVisionConfig c)
{
    readonly LayerNorm ln_q = new(w["ln_q"], c.EmbedDim, 1e-6);
    readonly Linear mlp_0 = new(w["mlp.0"], c.MergedDim, c.MergedDim, bias: true), mlp_2 = new(w["mlp.2"], c.MergedDim, c.HiddenSize, bias: true);

    public Tensor Forward(Tensor x)                                                     // [patches,Dv] → [patches / merge²,D]
    {
        using var scope = NewDisposeScope();
        var joined = ln_q.Forward(x).view(-1, c.MergedDim);
        return mlp_2.Forward(nn.functional.gelu(mlp_0.Forward(joined))).MoveToOuterDisposeScope();
    }
}
