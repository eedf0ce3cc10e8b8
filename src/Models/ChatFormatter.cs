using System.Text;
using System.Text.Json;
using Vrp.Models.Storage;

namespace Vrp.Models;

/// <summary>The prompt of one family for one question about some images: the text after the chat template and before each image token is
/// expanded to its patches. Equal to what transformers' <c>apply_chat_template(…, add_generation_prompt=True)</c> gives for one user message of
/// <paramref name="images"/> images followed by the question.</summary>
public abstract class ChatFormatter
{
    /// <summary>The family's name, for messages.</summary>
    public abstract string Family { get; }

    /// <summary>What stands for one image in a prompt.</summary>
    public abstract string ImageToken { get; }

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

    /// <summary>The text that is split into tokens: what the family's processor makes of a prompt beside repeating its image tokens. Most leave it as it
    /// is.</summary>
    /// <param name="prompt">In the chat format, each image token as often as its image has features, or once.</param>
    public virtual string Complete(string prompt) => prompt;

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

/// <summary>The Jinja chat template of a checkpoint. It is recognised by its hash, not run.</summary>
/// <param name="Source">The file that holds it.</param>
/// <param name="Text">The template.</param>
public sealed record ChatTemplate(string Source, string Text)
{
    /// <summary>The template that transformers would use: chat_template.jinja, else chat_template.json, else <c>chat_template</c> in
    /// processor_config.json or tokenizer_config.json (of several, the one named default). Null when the checkpoint has none.</summary>
    /// <param name="readText">The text of a file of the checkpoint, or null where there is none.</param>
    /// <exception cref="VrpException">A file that should hold one is not JSON, or the template is not a text.</exception>
    public static ChatTemplate? Find(Func<string, string?> readText)
    {
        if (readText("chat_template.jinja") is { } jinja) return new("chat_template.jinja", jinja);
        foreach (var file in new[] { "chat_template.json", "processor_config.json", "tokenizer_config.json" })
            if (readText(file) is { } json && InJson(file, json) is { } text) return new(file, text);
        return null;
    }

    static string? InJson(string file, string json)
    {
        try
        {
            var root = JsonText.Parse(System.Text.Encoding.UTF8.GetBytes(json), file);
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("chat_template", out var template)) return null;
            return template.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => template.GetString(),
                JsonValueKind.Array => template.EnumerateArray().Where(named => named.GetProperty("name").GetString() == "default")
                    .Select(named => named.GetProperty("template").GetString()).FirstOrDefault(),
                _ => throw new VrpException($"{file}: chat_template is expected to be a text or a list of named texts, got {template.ValueKind}."),
            };
        }
        catch (Exception e) when (e is JsonTextException or InvalidOperationException or KeyNotFoundException)
        {
            throw new VrpException($"{file}: the chat template cannot be read: {e.Message} Fetch the file again.", e);
        }
    }

    /// <summary>SHA-256 of the text as UTF-8 in hexadecimal digits, line ends as <c>\n</c> and none at the end: what an editor or a JSON file may
    /// change.</summary>
    public string Hash => HashOf(Text);

    internal static string HashOf(string template) =>
        Sha256Hex.Of(template.ReplaceLineEndings("\n").TrimEnd('\n'));
}
