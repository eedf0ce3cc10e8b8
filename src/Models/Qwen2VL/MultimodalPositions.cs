using Vrp.Models.Layers;

namespace Vrp.Models.Qwen2VL;

/// <summary>Positions of text and images along three axes (transformers: Qwen2VLModel.get_rope_index; arXiv:2409.12191 §2.1). Text counts up on all three
/// together; an image's tokens keep the time and take their row and column, counted from where the text stood; the text after it goes on from the largest
/// position so far plus one.</summary>
/// <remarks>One image of 2 × 3 merged patches after two tokens, one token after it:
/// <code>
/// time    0 1  2 2 2 2 2 2  5
/// height  0 1  2 2 2 3 3 3  5
/// width   0 1  2 3 4 2 3 4  5
/// </code></remarks>
static class MultimodalPositions
{
    /// <returns>[3,B,T]; padding has position 1, as in transformers.</returns>
    public static long[,,] Compute(ModelInputs inputs, Qwen2VLConfig config)
    {
        int rows = inputs.Rows, length = inputs.Length, image = 0;
        var positions = new long[3, rows, length];
        for (var row = 0; row < rows; row++)
        {
            long next = 0;
            for (var t = 0; t < length;)
            {
                if (inputs.AttentionMask[row, t] == 0)
                {
                    for (var axis = 0; axis < 3; axis++) positions[axis, row, t] = 1;
                    t++;
                }
                else if (inputs.InputIds[row, t] == config.ImageTokenIndex && inputs.ImageGridThw is { } grid)
                {
                    if (image >= grid.GetLength(0)) throw new ShapeException("multimodal positions", $"image tokens of {grid.GetLength(0)} images",
                        "a further run of image tokens");
                    t = PlaceImage(positions, row, t, ref next, Merged(grid, image++, config.VisionConfig.SpatialMergeSize), length);
                }
                else
                {
                    for (var axis = 0; axis < 3; axis++) positions[axis, row, t] = next;
                    next++;
                    t++;
                }
            }
        }
        return positions;
    }

    static (long Frames, long Rows, long Columns) Merged(long[,] grid, int image, int merge) =>
        (grid[image, 0], grid[image, 1] / merge, grid[image, 2] / merge);

    static int PlaceImage(long[,,] positions, int row, int t, ref long next, (long Frames, long Rows, long Columns) size, int length)
    {
        if (t + size.Frames * size.Rows * size.Columns > length)
            throw new ShapeException("multimodal positions", $"{size.Frames * size.Rows * size.Columns} image tokens, as image_grid_thw says",
                $"a prompt that ends after {length - t}");
        for (long frame = 0; frame < size.Frames; frame++)
            for (long y = 0; y < size.Rows; y++)
                for (long x = 0; x < size.Columns; x++, t++)
                    (positions[0, row, t], positions[1, row, t], positions[2, row, t]) = (next + frame, next + y, next + x);
        next += Math.Max(size.Frames, Math.Max(size.Rows, size.Columns));
        return t;
    }
}
