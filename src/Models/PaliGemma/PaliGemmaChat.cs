namespace Vrp.Models;

/// <summary>PaliGemma (google/paligemma-3b-mix-224): a task prefix rather than a chat, <c>&lt;image&gt;answer en QUESTION</c> for visual question answering.
/// The processor then puts <c>&lt;bos&gt;</c> behind the image tokens and a newline at the end.</summary>
/// <param name="task">The task with its language, as the model was trained on it.</param>
public sealed class PaliGemmaChat(string task = "answer en") : ChatFormatter
{
    /// <inheritdoc/>
    public override string Family => "PaliGemma";

    /// <inheritdoc/>
    public override string? Template => null;

    /// <inheritdoc/>
    protected override string Prompt(string question, int images) => $"{string.Concat(Enumerable.Repeat("<image>", images))}{task} {question}";
}
