using System.Globalization;
using Vrp.Models.Checkpoints;

namespace Vrp.Models.Generation;

/// <summary>How a checkpoint's generation_config.json would have answers sampled. It is not followed: what is sampled here is said by the caller, from all
/// tokens. A file of Qwen2-VL's line says top_k 1, with which ten sampled answers are ten times the greedy one; so that nobody takes one for the other, it is
/// printed beside what was done. A file of its own, as nothing else reads these settings.</summary>
public static class PublishedSampling
{
    const string File = "generation_config.json";

    static readonly string[] settings = ["temperature", "top_k", "top_p", "repetition_penalty"];

    /// <summary>For example "temperature 0.01, top_k 1, top_p 0.001"; null where the file says nothing of it.</summary>
    /// <exception cref="ConfigException">The file is damaged.</exception>
    public static string? Of(Checkpoint checkpoint)
    {
        if (checkpoint.ReadText(File) is not { } text) return null;
        var section = ConfigSection.Parse(text, Path.Combine(checkpoint.Folder, File));
        string[] said = [.. settings.Where(section.Has).Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} {section.Double(name)}"))];
        return said.Length == 0 ? null : string.Join(", ", said);
    }
}
