using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Qwen2VL;

/// <summary>Qwen2-VL's vision tower (arXiv:2409.12191 §2.1; transformers: Qwen2VisionTransformerPretrainedModel): images at their own size, two-dimensional
/// rotary positions.</summary>
sealed class Qwen2VLVisionModel : IDisposable
{
    readonly Qwen2VLVisionConfig c;
    readonly Tensor patch_embed;                                                        // [D, C·T·P·P]: a Conv3d whose stride is its kernel
    readonly Qwen2VLVisionBlock[] blocks;
    readonly RotaryEmbedding rotary_pos_emb;

    public Qwen2VLVisionModel(Weights w, Qwen2VLVisionConfig c, HookScope hooks)
    {
        this.c = c;
        patch_embed = w["patch_embed"]["proj"]["weight"];
        blocks = [.. Enumerable.Range(0, c.Depth).Select(i => new Qwen2VLVisionBlock(w[$"blocks.{i}"], c, hooks["blocks"][$"{i}"]))];
        int headDim = c.EmbedDim / c.NumHeads;
        rotary_pos_emb = new RotaryEmbedding(headDim / 2, 10000, patch_embed.device);    // half a head for rows, half for columns
    }

    /// <param name="pixel_values">[patches, C·T·P·P], squares of merge² patches together</param>
    /// <param name="image_grid_thw">Per image: frames, rows, columns of patches.</param>
    /// <returns>[patches,D]</returns>
    public Tensor Forward(Tensor pixel_values, long[,] image_grid_thw)
    {
        long patches = Enumerable.Range(0, image_grid_thw.GetLength(0)).Sum(i => image_grid_thw[i, 0] * image_grid_thw[i, 1] * image_grid_thw[i, 2]);
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
        for (int image = 0; image < grid.GetLength(0); image++)
            for (long frame = 0; frame < grid[image, 0]; frame++)
                for (long row = 0; row < grid[image, 1]; row += m)
                    for (long column = 0; column < grid[image, 2]; column += m)
                        for (int r = 0; r < m; r++)
                            for (int k = 0; k < m; k++, at++) (rows[at], columns[at]) = (row + r, column + k);
        return rotary_pos_emb.TwoDimensional(tensor(rows), tensor(columns), ScalarType.Float32);
    }

    public void Dispose() => rotary_pos_emb.Dispose();
}
