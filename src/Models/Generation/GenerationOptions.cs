using System.Text.Json;
using Vrp.Models.Checkpoints;

namespace Vrp.Models.Generation;

/// <summary>How answers are made from a prompt.</summary>
public sealed record GenerationOptions
{
    /// <summary>Most tokens of an answer, its end token included.</summary>
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>Null: greedy, the most likely token at each step.</summary>
    public Sampling? Sampling { get; init; }

    /// <summary>Answers per prompt; more than one needs <see cref="Sampling"/>.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Goes on past end tokens.</summary>
    public bool IgnoreEndTokens { get; init; }

    /// <summary>What identifies each prompt in the random draws, so that an answer does not depend on the batch it was made in; null: the row of the
    /// batch.</summary>
    public IReadOnlyList<long>? SampleIds { get; init; }

    /// <summary>Steps whose logits are kept in the result (0: none).</summary>
    public int KeepLogits { get; init; }

    /// <summary>Called for every token as it comes, in order of step, then row.</summary>
    public Action<GeneratedToken>? OnToken { get; init; }
}

/// <summary>How tokens are drawn. Applied in transformers' order: temperature, then top-k, then top-p.</summary>
public sealed record Sampling
{
    /// <param name="temperature">Logits are divided by it; greater than 0 (greedy decoding is a <see cref="GenerationOptions"/> without sampling).</param>
    /// <param name="topK">Only the k most likely tokens stay, and those that tie with the last of them; 0 keeps all.</param>
    /// <param name="topP">Only the smallest set of most likely tokens whose probability reaches this stays; 1 keeps all.</param>
    /// <param name="seed">Of <see cref="CounterRandom"/>.</param>
    public Sampling(double temperature = 1, int topK = 0, double topP = 1, ulong seed = 0)
    {
        if (!(temperature > 0) || !double.IsFinite(temperature)) throw new VrpException($"The temperature is {temperature}; expected a number above 0. "
            + "Leave sampling out for greedy answers.");
        if (topK < 0) throw new VrpException($"top-k is {topK}; expected 0 (all tokens) or more.");
        if (!(topP > 0) || topP > 1) throw new VrpException($"top-p is {topP}; expected above 0 and at most 1 (all tokens).");
        (Temperature, TopK, TopP, Seed) = (temperature, topK, topP, seed);
    }

    public double Temperature { get; }
    public int TopK { get; }
    public double TopP { get; }
    public ulong Seed { get; }
}

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
