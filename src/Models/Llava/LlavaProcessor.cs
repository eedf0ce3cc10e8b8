using Vrp.Models.Checkpoints;
using Vrp.Models.Images;

namespace Vrp.Models.Llava;

/// <summary>transformers: LlavaProcessor. One image token becomes one per patch, plus what the vision tower adds (the class token) where the strategy keeps
/// it.</summary>
public sealed class LlavaProcessor : Processor
{
    readonly int patchSize, additionalTokens;

    internal LlavaProcessor(Checkpoint checkpoint, LlavaConfig config) : base(checkpoint, config)
    {
        int additional = 1;
        string strategy = config.VisionFeatureSelectStrategy;
        patchSize = config.VisionConfig.PatchSize;
        if (checkpoint.ReadText("processor_config.json") is { } text)
        {
            var json = ConfigSection.Parse(text, Path.Combine(checkpoint.Folder, "processor_config.json"));
            patchSize = json.Int("patch_size", patchSize);
            additional = json.Int("num_additional_image_tokens", 1);                     // older files are silent; CLIP adds its class token
            strategy = json.String("vision_feature_select_strategy", strategy);
        }
        additionalTokens = additional - (strategy == "default" ? 1 : 0);
    }

    private protected override int ImageTokens(ProcessedImages processed, int index) =>
        (int)(processed.Shape[2] / patchSize * (processed.Shape[3] / patchSize)) + additionalTokens;

    private protected override int[] Encode(string text, IReadOnlyList<int> imageTokens) => Tokenizer.Encode(Expand(text, imageTokens));
}

/// <summary>LLaVA-1.5 (llava-hf/llava-1.5-7b-hf, chat_template.json): <c>USER: &lt;image&gt;⏎QUESTION ASSISTANT:</c>.</summary>
public sealed class LlavaChat : ChatFormatter
{
    /// <inheritdoc/>
    public override string Family => "LLaVA";

    /// <inheritdoc/>
    public override string Template { get; } = Resource("llava.jinja");

    /// <inheritdoc/>
    protected override string Prompt(string question, int images) => $"USER: {string.Concat(Enumerable.Repeat("<image>\n", images))}{question} ASSISTANT:";
}
