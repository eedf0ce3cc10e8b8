using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Llava;

/// <summary>LLaVA-1.5 (transformers: LlavaForConditionalGeneration): CLIP's features of the last block but one, projected, take the places of the image tokens;
/// read causally.</summary>
public sealed class LlavaForConditionalGeneration : VisionLanguageModel
{
    readonly LlavaConfig config;
    readonly ClipVisionModel vision_tower;
    readonly LlavaMultiModalProjector multi_modal_projector;
    readonly HookPoint projectorOut, imageFeatures;

    internal LlavaForConditionalGeneration(LlavaConfig config, Weights w) : base(config, w)
    {
        this.config = config;
        vision_tower = new ClipVisionModel(w["vision_tower.vision_model"], config.VisionConfig, Hooks.Root["vision"]);
        multi_modal_projector = new LlavaMultiModalProjector(w["multi_modal_projector"], config);
        (projectorOut, imageFeatures) = (Hooks.Root.Point("projector.out"), Hooks.Root.Point("image_features"));
        TextModel = BuildText(() => new LlamaModel(w["language_model"], config.TextConfig, Hooks.Root));
    }

    /// <inheritdoc/>
    public override Tensor GetImageFeatures(Tensor pixel_values, long[,]? image_grid_thw)         // [N,C,S,S] → [N·patches,D]
    {
        using var scope = NewDisposeScope();
        var features = vision_tower.Forward(pixel_values, config.VisionFeatureLayers);   // [N,patches+1,Dv]
        if (config.VisionFeatureSelectStrategy == "default") features = features.narrow(1, 1, features.shape[1] - 1);
        var projected = projectorOut.At(multi_modal_projector.Forward(features));        // [N,patches,D]
        return imageFeatures.At(projected.reshape(-1, config.TextConfig.HiddenSize)).MoveToOuterDisposeScope();
    }
}

/// <summary>Two linear layers from the vision tower's units to the language model's (arXiv:2310.03744 §3.3; transformers: LlavaMultiModalProjector).</summary>
sealed class LlavaMultiModalProjector(Weights w, LlavaConfig c)
{
    readonly Linear linear_1 = new(w["linear_1"], (long)c.VisionConfig.HiddenSize * c.VisionFeatureLayers.Count, c.TextConfig.HiddenSize,
        c.MultimodalProjectorBias);
    readonly Linear linear_2 = new(w["linear_2"], c.TextConfig.HiddenSize, c.TextConfig.HiddenSize, c.MultimodalProjectorBias);
    readonly Func<Tensor, Tensor> act_fn = Activation.ByName(c.ProjectorHiddenAct);

    public Tensor Forward(Tensor features)                                              // [N,patches,Dv] → [N,patches,D]
    {
        using var scope = NewDisposeScope();
        return linear_2.Forward(act_fn(linear_1.Forward(features))).MoveToOuterDisposeScope();
    }
}
