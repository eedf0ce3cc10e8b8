using System.Text.Json;
using Vrp.Models.Checkpoints;

namespace Vrp.Models.Generation;

/// <summary>Reads eos_token_id, one id or several, from where transformers looks: generation_config.json, then config.json, then its text_config, then the
/// family's default.</summary>
static class EndTokens
{
    public static IReadOnlyList<int> Read(Checkpoint checkpoint)
    {
        const string File = "generation_config.json";
        var sections = new List<ConfigSection>();
        if (checkpoint.ReadText(File) is { } text) sections.Add(ConfigSection.Parse(text, Path.Combine(checkpoint.Folder, File)));
        sections.Add(checkpoint.Settings);
        sections.Add(checkpoint.Settings.Section("text_config"));
        foreach (var section in sections)
            if (section.Has("eos_token_id"))
                return section.Json.GetProperty("eos_token_id").ValueKind == JsonValueKind.Array ? section.Ints("eos_token_id") : [section.Int("eos_token_id")];
        return checkpoint.Family.EndTokens is { Count: > 0 } usual ? usual
            : throw new ConfigException(Path.Combine(checkpoint.Folder, File), "eos_token_id",
                $"Neither {File} nor config.json of {checkpoint.Folder} has eos_token_id; expected the ids that end an answer. Download {File} again.");
    }
}
