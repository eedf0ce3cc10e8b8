using Vrp.Models.Checkpoints;
using Vrp.Models.Images;

namespace Vrp.Models.Qwen2VL;

/// <summary>transformers: Qwen2VLProcessor. One image token becomes one per merged square of patches of its image.</summary>
public sealed class Qwen2VLProcessor : Processor
{
    readonly int mergeSize;

    internal Qwen2VLProcessor(Checkpoint checkpoint, Qwen2VLConfig config) : base(checkpoint, config) => mergeSize = config.VisionConfig.SpatialMergeSize;

    private protected override int ImageTokens(ProcessedImages processed, int index)
    {
        long[] grid = processed.ImageGridThw!;
        return (int)(grid[3 * index] * grid[3 * index + 1] * grid[3 * index + 2]) / (mergeSize * mergeSize);
    }

    private protected override int[] Encode(string text, IReadOnlyList<int> imageTokens) => Tokenizer.Encode(Expand(text, imageTokens));
}
