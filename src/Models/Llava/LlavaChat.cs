namespace Vrp.Models;

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
