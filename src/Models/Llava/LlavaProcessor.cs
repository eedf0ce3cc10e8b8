using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Images;

namespace Vrp.Models.Llava;

/// <summary>transformers: LlavaProcessor. One image token becomes one per patch, plus what the vision tower adds (the class token) where the strategy keeps
/// it.</summary>
public sealed class LlavaProcessor : Processor
{
    readonly int imageTokens;

    /// <summary>What the processor's own settings make of an image must be what the model makes of it: an image comes at one size, and a patch more or less is
    /// a token too many or too few in every prompt.</summary>
    internal LlavaProcessor(Checkpoint checkpoint, LlavaConfig config) : base(checkpoint, config)
    {
        imageTokens = config.ImageTokens;
        RequireImageSize(checkpoint, config.VisionConfig.ImageSize);
        if (checkpoint.ReadText("processor_config.json") is not { } text) return;
        var json = ConfigSection.Parse(text, Path.Combine(checkpoint.Folder, "processor_config.json"));
        if (json.Int("patch_size", config.VisionConfig.PatchSize) != config.VisionConfig.PatchSize)
            throw json.Unusable("patch_size", $"{config.VisionConfig.PatchSize}, as config.json's vision_config says");
        var additional = json.Int("num_additional_image_tokens", 1);                     // older files are silent; CLIP adds its class token
        if (additional is not (0 or 1)) throw json.Unusable("num_additional_image_tokens", "1, CLIP's class token, or 0");
        var extra = additional - (json.String("vision_feature_select_strategy", config.VisionFeatureSelectStrategy) == "default" ? 1 : 0);
        if (config.VisionConfig.Patches + extra != imageTokens)
            throw json.Unusable("vision_feature_select_strategy",
                $"'{config.VisionFeatureSelectStrategy}', as config.json says, so that an image is {imageTokens} tokens");
    }

    private protected override int ImageTokens(ProcessedImages processed, int index) => imageTokens;

    private protected override int[] Encode(string text, IReadOnlyList<int> imageTokens) =>
        Tokenizer.Encode(Chat.Complete(Expand(text, imageTokens)));
}

/// <summary>LLaVA-1.5 (llava-hf/llava-1.5-7b-hf, chat_template.json): <c>USER: &lt;image&gt;⏎QUESTION ASSISTANT:</c>.</summary>
public sealed class LlavaChat : ChatFormatter
{
    /// <inheritdoc/>
    public override string Family => "LLaVA";

    /// <inheritdoc/>
    public override string ImageToken => "<image>";

    /// <inheritdoc/>
    public override string Template { get; } = Resource("llava.jinja");

    /// <inheritdoc/>
    protected override string Prompt(string question, int images) =>
        $"USER: {string.Concat(Enumerable.Repeat($"{ImageToken}\n", images))}{question} ASSISTANT:";
}
