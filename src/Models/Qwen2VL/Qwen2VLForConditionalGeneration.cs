using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Qwen2VL;

/// <summary>Qwen2-VL (transformers: Qwen2VLForConditionalGeneration): merged patches take the places of the image tokens; positions have a time, a height and a
/// width.</summary>
public sealed class Qwen2VLForConditionalGeneration : VisionLanguageModel
{
    readonly Qwen2VLConfig config;
    readonly Qwen2VLVisionModel visual;
    readonly PatchMerger merger;
    readonly HookPoint projectorOut, imageFeatures;

    internal Qwen2VLForConditionalGeneration(Qwen2VLConfig config, Weights w) : base(config, w)
    {
        this.config = config;
        visual = new Qwen2VLVisionModel(w["visual"], config.VisionConfig, Hooks.Root["vision"]);
        merger = new PatchMerger(w["visual"]["merger"], config.VisionConfig);
        (projectorOut, imageFeatures) = (Hooks.Root.Point("projector.out"), Hooks.Root.Point("image_features"));
        TextModel = BuildText(() => new Qwen2VLTextModel(w, config.TextConfig, Hooks.Root));
    }

    /// <inheritdoc/>
    public override Tensor GetImageFeatures(Tensor pixel_values, long[,]? image_grid_thw)         // [patches,C·T·P·P] → [patches / merge²,D]
    {
        if (image_grid_thw is null) throw new ShapeException("Qwen2-VL vision tower", "image_grid_thw [N,3] beside pixel_values", "none");
        using var scope = NewDisposeScope();
        var projected = projectorOut.At(merger.Forward(visual.Forward(pixel_values, image_grid_thw)));
        return imageFeatures.At(projected).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    private protected override int PositionAxes => 3;

    /// <inheritdoc/>
    private protected override long[,,] GetPositions(ModelInputs inputs) => MultimodalPositions.Compute(inputs, config);
}
