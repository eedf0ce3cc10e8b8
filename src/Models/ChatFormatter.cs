namespace Vrp.Models;

/// <summary>The prompt of one family for one question about some images: the text after the chat template and before each image token is
/// expanded to its patches. Equal to what transformers' <c>apply_chat_template(…, add_generation_prompt=True)</c> gives for one user message of
/// <paramref name="images"/> images followed by the question.</summary>
public abstract class ChatFormatter
{
    /// <summary>The family's name, for messages.</summary>
    public abstract string Family { get; }

    /// <summary>The template that <see cref="Format"/> follows, or null for a family that has none.</summary>
    public abstract string? Template { get; }

    /// <summary>The prompt. The question is taken as it is: a token written in it (such as <c>&lt;image&gt;</c>) counts, as it does in transformers.</summary>
    /// <param name="question">What the user asks.</param>
    /// <param name="images">How many images come with it, from 0.</param>
    public string Format(string question, int images)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentOutOfRangeException.ThrowIfNegative(images);
        return Prompt(question, images);
    }

    /// <inheritdoc cref="Format"/>
    protected abstract string Prompt(string question, int images);

    /// <summary>A warning when a checkpoint brings a template that is not this family's; else null. Templates are never run: one is recognised by its hash
    /// (<see cref="ChatTemplate.Hash"/>), and one that is written otherwise but renders the same still warns.</summary>
    /// <param name="readText">The text of a file of the checkpoint, or null where there is none.</param>
    public string? CheckTemplate(Func<string, string?> readText) =>
        ChatTemplate.Find(readText) is not { } found ? null
        : Template is null ? $"{found.Source} brings a chat template, but prompts for {Family} are made without one and it is not used."
        : found.Hash == ChatTemplate.HashOf(Template) ? null
        : $"The chat template in {found.Source} (SHA-256 {found.Hash[..12]}) is not the one that prompts for {Family} are made by here "
            + $"({ChatTemplate.HashOf(Template)[..12]}); answers may differ from the checkpoint's own. Compare it with the published checkpoint's.";

    internal static string Resource(string name)
    {
        using var stream = typeof(ChatFormatter).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"Resource {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
