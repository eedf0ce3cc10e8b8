using System.Text.Json.Nodes;
using Vrp.Harness.Storage;
using Vrp.Models;

namespace Vrp.Harness.Reporting;

/// <summary>The prompt of a run around its questions, as the model's tokenizer was given it: the chat format that run.json holds, completed as the family's
/// processor completes it. An image token stands there as often as the image has cells.</summary>
/// <param name="Token">What stands for one cell of an image.</param>
/// <param name="Before">Text before the image.</param>
/// <param name="Between">Text between image and question.</param>
/// <param name="After">Text after the question.</param>
sealed record SentPrompt(string Token, string Before, string Between, string After)
{
    /// <summary>Where the question stands in run.json's chat format.</summary>
    const string Place = "{question}";

    /// <summary>Null where the folder does not say how its model was asked: an imported run, or one without run.json.</summary>
    /// <exception cref="StoreException">run.json is damaged.</exception>
    public static SentPrompt? Of(ReportSubject subject)
    {
        if (subject.Folder is not { } folder || ModelFamilies.Find(subject.Study.Family) is not { Chat: var chat }
            || TracedFacts.Of(folder)?.GetValueOrDefault("prompt") is not { } format) return null;
        var parts = chat.Complete(format).Split(chat.ImageToken);
        return parts is [var before, var rest] && rest.Split(Place) is [var between, var after] ? new SentPrompt(chat.ImageToken, before, between, after)
            : throw new StoreException($"{Path.Combine(folder, RunFile.Name)} is damaged: \"{format}\" is no prompt of {chat.Family} with one "
                + $"{chat.ImageToken} and one {Place}. Run the study again, or delete the file: the report then says that it is missing.");
    }

    /// <summary>The whole text for a question, image tokens in full.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="cells">Of its image.</param>
    public string Text(string question, int cells) => $"{Before}{string.Concat(Enumerable.Repeat(Token, cells))}{Between}{question}{After}";

    /// <summary>[token, before, between, after].</summary>
    public JsonNode ToJson() => SafeJson.Of([Token, Before, Between, After]);
}

/// <summary>What the results of a run depend on, by name, as run.json's section of the trace stage has it; null where there is none.</summary>
static class TracedFacts
{
    /// <exception cref="StoreException">run.json is damaged.</exception>
    public static IReadOnlyDictionary<string, string>? Of(string runFolder) => RunFile.Section<Trace>(runFolder, "trace")?.Facts;

    /// <summary>Names whose values differ or that only one side has.</summary>
    public static IReadOnlyList<string> Differing(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        [.. before.Keys.Union(after.Keys).Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name)).Order(StringComparer.Ordinal)];

    sealed record Trace(IReadOnlyDictionary<string, string>? Facts = null);
}
