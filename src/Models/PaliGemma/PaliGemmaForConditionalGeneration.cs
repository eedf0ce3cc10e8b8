using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.PaliGemma;

/// <summary>PaliGemma (transformers: PaliGemmaForConditionalGeneration): SigLIP's features through one linear layer take the places of the image tokens; the
/// prompt is read with full attention, at positions from 1.</summary>
public sealed class PaliGemmaForConditionalGeneration : VisionLanguageModel
{
    readonly PaliGemmaConfig config;
    readonly SiglipVisionModel vision_tower;
    readonly Linear multi_modal_projector;
    readonly HookPoint projectorOut, imageFeatures;

    internal PaliGemmaForConditionalGeneration(PaliGemmaConfig config, Weights w) : base(config, w)
    {
        this.config = config;
        vision_tower = new SiglipVisionModel(w["vision_tower.vision_model"], config.VisionConfig, Hooks.Root["vision"]);
        multi_modal_projector = new Linear(w["multi_modal_projector.linear"], config.VisionConfig.HiddenSize, config.ProjectionDim, bias: true);
        (projectorOut, imageFeatures) = (Hooks.Root.Point("projector.out"), Hooks.Root.Point("image_features"));
        TextModel = BuildText(() => new GemmaModel(w["language_model"], config.TextConfig, Hooks.Root));
    }

    /// <summary>Divided by sqrt(D), which the language model's scaling of all embeddings undoes.</summary>
    public override Tensor GetImageFeatures(Tensor pixel_values, long[,]? image_grid_thw)         // [N,C,S,S] → [N,patches,D]
    {
        using var scope = NewDisposeScope();
        var projected = projectorOut.At(multi_modal_projector.Forward(vision_tower.Forward(pixel_values)));
        return imageFeatures.At(projected.Over(Math.Sqrt(config.TextConfig.HiddenSize))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    private protected override long FirstPosition => 1;

    /// <summary>Full attention, but causal over what <see cref="ModelInputs.TokenTypeIds"/> marks as suffix.</summary>
    private protected override AttentionMask MaskOver(ModelInputs inputs) => inputs.TokenTypeIds is { } types
        ? AttentionMask.PrefixOver(inputs.AttentionMask, types, Dtype, Device)
        : AttentionMask.FullOver(inputs.AttentionMask, Dtype, Device);
}
