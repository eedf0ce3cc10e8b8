using TorchSharp;
using Vrp.Models;
using Vrp.Models.Images;
using static TorchSharp.torch;

namespace Vrp.Harness.Tracing;

/// <summary>Pictures through the vision tower once each, and their features handed to every prompt about them.</summary>
static class SharedImages
{
    /// <summary>Inputs of a block's prompts over features that are there: one run of rows per picture.</summary>
    /// <param name="model">For its processor.</param>
    /// <param name="block">The prompts.</param>
    /// <param name="features">Of the pictures, in their order, [N,D]. The result refers to a tensor of the current dispose scope.</param>
    public static ModelInputs Inputs(VisionLanguageModel model, PreparedBlock block, Tensor features)
    {
        var starts = new long[block.Grids.Count];
        for (int image = 1; image < starts.Length; image++) starts[image] = starts[image - 1] + block.TokensOf(image - 1);
        long[] rows = [.. block.ImageOf.SelectMany(image => Enumerable.Range(0, block.TokensOf(image)).Select(i => starts[image] + i))];
        var inputs = model.Processor.ProcessShared(block.Texts, block.Images, block.ImageOf);
        return inputs.WithImageFeatures(features.index_select(0, tensor(rows).to(features.device)));
    }

    /// <summary>Features of preprocessed pictures, [N,D].</summary>
    public static Tensor Encode(VisionLanguageModel model, ProcessedImages images)
    {
        using var scope = NewDisposeScope();
        return model.EncodeImages(tensor(images.PixelValues, images.Shape), GridOf(images)).MoveToOuterDisposeScope();
    }

    /// <summary>Features of pictures of the mean colour, which is 0 after normalising, of the same sizes; equal sizes are encoded once.</summary>
    public static Tensor EncodeGrey(VisionLanguageModel model, PreparedBlock block)
    {
        using var scope = NewDisposeScope();
        var known = new Dictionary<(int, int), Tensor>();
        var features = new List<Tensor>();
        for (int image = 0; image < block.Grids.Count; image++)
        {
            var size = (block.Grids[image].Rows, block.Grids[image].Columns);
            if (!known.TryGetValue(size, out var grey)) known.Add(size, grey = Encode(model, Grey(block.Images, image)));
            features.Add(grey);
        }
        return cat(features, 0).MoveToOuterDisposeScope();
    }

    static ProcessedImages Grey(ProcessedImages images, int image)
    {
        long[]? grid = images.ImageGridThw?[(3 * image)..(3 * image + 3)];
        long[] shape = [grid is null ? 1 : grid[0] * grid[1] * grid[2], .. images.Shape[1..]];
        return new ProcessedImages(new float[shape.Aggregate(1L, (a, b) => a * b)], [], shape, grid);
    }

    static long[,]? GridOf(ProcessedImages images)
    {
        if (images.ImageGridThw is not { } flat) return null;
        var grid = new long[flat.Length / 3, 3];
        Buffer.BlockCopy(flat, 0, grid, 0, flat.Length * sizeof(long));
        return grid;
    }
}
