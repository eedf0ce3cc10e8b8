using TorchSharp;
using Vrp.Models;
using Vrp.Models.Generation;
using Vrp.Models.Images;
using static TorchSharp.torch;

namespace Vrp.Harness.Tracing;

/// <summary>Images through the vision tower once each, and their features handed to every prompt about them.</summary>
static class SharedImages
{
    /// <summary>Inputs of a block's prompts over features that are there: one run of rows per image.</summary>
    /// <param name="model">For its processor.</param>
    /// <param name="block">The prompts.</param>
    /// <param name="features">Of the images, in their order, [N,D]. The result refers to a tensor of the current dispose scope.</param>
    public static ModelInputs Inputs(VisionLanguageModel model, PreparedBlock block, Tensor features)
    {
        var starts = new long[block.Grids.Count];
        for (var image = 1; image < starts.Length; image++) starts[image] = starts[image - 1] + block.TokensOf(image - 1);
        long[] rows = [.. block.ImageOf.SelectMany(image => Enumerable.Range(0, block.TokensOf(image)).Select(i => starts[image] + i))];
        var inputs = model.Processor.ProcessShared(block.Texts, block.Images, block.ImageOf);
        return inputs.WithImageFeatures(features.index_select(0, tensor(rows).to(features.device)));
    }

    /// <summary>What a stage's key says of the prompts' beginnings.</summary>
    public static string PrefixesOf(VisionLanguageModel model, bool sharing) => sharing && model.ReadsCausally ? "shared" : "read by each question";

    /// <summary>Reads a block's prompts; what those about one image begin with is read once where attention is causal.</summary>
    /// <param name="model">The subject.</param>
    /// <param name="block">The prompts.</param>
    /// <param name="features">Of the images, in their order, [N,D].</param>
    /// <param name="room">Answer tokens that the cache must hold.</param>
    /// <param name="options">Captures and interventions.</param>
    /// <param name="sharing">False: every prompt is read in full.</param>
    public static Prefill Read(VisionLanguageModel model, PreparedBlock block, Tensor features, int room, ForwardOptions options, bool sharing)
    {
        using var scope = NewDisposeScope();
        return Split(model, block, features, sharing) is { } split ? model.Prefill(split, room, options)
            : model.Prefill(Inputs(model, block, features), room, options);
    }

    /// <summary>A block's prompts parted into heads and tails; null where there is nothing to share, or it is not wanted.</summary>
    public static PromptSplit? Split(VisionLanguageModel model, PreparedBlock block, Tensor features, bool sharing) =>
        sharing ? PromptSplit.Of(model, model.Processor.ProcessShared(block.Texts, block.Images, block.ImageOf), block.ImageOf, features) : null;

    /// <summary>Features of preprocessed images, [N,D].</summary>
    public static Tensor Encode(VisionLanguageModel model, ProcessedImages images)
    {
        using var scope = NewDisposeScope();
        return model.EncodeImages(tensor(images.PixelValues, images.Shape), GridOf(images)).MoveToOuterDisposeScope();
    }

    /// <summary>A block's prompts with images of the mean colour, which is 0 after normalising, of the same sizes: one image per size.</summary>
    public static PreparedBlock Grey(PreparedBlock block)
    {
        var sizes = block.Grids.Select((grid, image) => (grid, image)).DistinctBy(one => one.grid).ToArray();
        ProcessedImages[] images = [.. sizes.Select(size => Grey(block.Images, size.image))];
        long[] shape = [images.Sum(image => image.Shape[0]), .. block.Images.Shape[1..]];
        var all = new ProcessedImages(new float[shape.Aggregate(1L, (a, b) => a * b)], [], shape,
            block.Images.ImageGridThw is null ? null : [.. images.SelectMany(image => image.ImageGridThw!)]);
        ImageGrid[] grids = [.. sizes.Select(size => size.grid)];
        return block with { Images = all, ImageOf = [.. block.ImageOf.Select(image => Array.IndexOf(grids, block.Grids[image]))], Grids = grids };
    }

    static ProcessedImages Grey(ProcessedImages images, int image)
    {
        var grid = images.ImageGridThw?[(3 * image)..(3 * image + 3)];
        return new ProcessedImages([], [], [grid is null ? 1 : grid[0] * grid[1] * grid[2], .. images.Shape[1..]], grid);
    }

    static long[,]? GridOf(ProcessedImages images)
    {
        if (images.ImageGridThw is not { } flat) return null;
        var grid = new long[flat.Length / 3, 3];
        Buffer.BlockCopy(flat, 0, grid, 0, flat.Length * sizeof(long));
        return grid;
    }
}
