namespace Vrp.Models;

/// <summary>Qwen2-VL (Qwen/Qwen2-VL-2B-Instruct, chat_template.json): ChatML with a system message, each image one <c>&lt;|image_pad|&gt;</c> between its marks.</summary>
public sealed class Qwen2VLChat : ChatFormatter
{
    /// <inheritdoc/>
    public override string Family => "Qwen2-VL";

    /// <inheritdoc/>
    public override string Template { get; } = Resource("qwen2-vl.jinja");

    /// <inheritdoc/>
    protected override string Prompt(string question, int images) =>
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n"
        + string.Concat(Enumerable.Repeat("<|vision_start|><|image_pad|><|vision_end|>", images)) + question + "<|im_end|>\n<|im_start|>assistant\n";
}
