using Vrp.Models.Checkpoints;
using Vrp.Models.Images;

namespace Vrp.Models.Qwen2VL;

/// <summary>transformers: Qwen2VLProcessor. One image token becomes one per merged square of patches of its image.</summary>
public sealed class Qwen2VLProcessor : Processor
{
    readonly int mergeSize;

    internal Qwen2VLProcessor(Checkpoint checkpoint, Qwen2VLConfig config) : base(checkpoint, config)
    {
        var vision = config.VisionConfig;
        mergeSize = vision.SpatialMergeSize;
        if (ImageProcessor is Qwen2VLImageProcessor { Sizes: var sizes } && sizes != (vision.PatchSize, vision.TemporalPatchSize, vision.SpatialMergeSize))
            throw new ProcessorException($"preprocessor_config.json of {checkpoint.Folder} has patch_size {sizes.Patch}, temporal_patch_size "
                + $"{sizes.Temporal} and merge_size {sizes.Merge}; expected {vision.PatchSize}, {vision.TemporalPatchSize} and {vision.SpatialMergeSize}, as "
                + "config.json's vision_config says. Download both again.");
    }

    private protected override int ImageTokens(ProcessedImages processed, int index)
    {
        var grid = processed.ImageGridThw!;
        return (int)(grid[3 * index] * grid[3 * index + 1] * grid[3 * index + 2]) / (mergeSize * mergeSize);
    }

    private protected override int[] Encode(string text, IReadOnlyList<int> imageTokens) =>
        Tokenizer.Encode(Chat.Complete(Expand(text, imageTokens)));
}

/// <summary>Qwen2-VL (Qwen/Qwen2-VL-2B-Instruct, chat_template.json): ChatML with a system message, each image one <c>&lt;|image_pad|&gt;</c> between its
/// marks.</summary>
public sealed class Qwen2VLChat : ChatFormatter
{
    /// <inheritdoc/>
    public override string Family => "Qwen2-VL";

    /// <inheritdoc/>
    public override string ImageToken => "<|image_pad|>";

    /// <inheritdoc/>
    public override string Template { get; } = Resource("qwen2-vl.jinja");

    /// <inheritdoc/>
    protected override string Prompt(string question, int images) =>
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n"
        + string.Concat(Enumerable.Repeat($"<|vision_start|>{ImageToken}<|vision_end|>", images)) + question + "<|im_end|>\n<|im_start|>assistant\n";
}
