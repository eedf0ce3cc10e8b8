using System.Globalization;
using System.Text.Json.Serialization;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Generation;

namespace Vrp.Harness.Tracing;

/// <summary>What the trace stage records; the settings below <c>trace</c> in vrp.json.</summary>
public sealed record TraceOptions
{
    /// <summary>Sampled answers per question (K); 0 for none. Other than the study's 10 leaves self-consistency NotRun.</summary>
    [JsonPropertyName("k")]
    public int Samples { get; init; } = 10;

    /// <summary>Of the sampled answers.</summary>
    public double Temperature { get; init; } = 0.7;

    /// <summary>Of the sampled answers.</summary>
    public double TopP { get; init; } = 0.9;

    /// <summary>Of the sampled answers.</summary>
    public ulong Seed { get; init; }

    /// <summary>Longest answer in tokens, its end token included.</summary>
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>Questions per block, which is one batch: 48 are 8 images of POPE. Fewer need less memory.</summary>
    [JsonPropertyName("block")]
    public int BlockSize { get; init; } = 48;

    /// <summary>Keeps states and MLP outputs as float32 instead of float16.</summary>
    public bool WideStates { get; init; }

    /// <summary>Also keeps attention as the mean over the answer's tokens (one more decoding of the greedy answer).</summary>
    public bool AnswerAttention { get; init; }

    /// <summary>Also keeps the logit lens with an image of the mean colour (one more prefill).</summary>
    public bool GreyLens { get; init; }

    /// <summary>Reads what an image's prompts have in common once, where attention is causal; the results are the same up to the rounding of sums in another
    /// order.</summary>
    [JsonIgnore]
    public bool PrefixSharing { get; init; } = true;

    /// <summary>Which part of the blocks to run.</summary>
    [JsonIgnore]
    public Shard Shard { get; init; } = Shard.Whole;

    internal Sampling? Sampling => Samples == 0 ? null : new Sampling(Temperature, topP: TopP, seed: Seed);

    /// <summary>What of this the results depend on.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Facts()
    {
        string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
        yield return new("generation.samples", Text(Samples));
        yield return new("generation.temperature", Text(Temperature));
        yield return new("generation.top_p", Text(TopP));
        yield return new("generation.seed", Text(Seed));
        yield return new("generation.max_new_tokens", Text(MaxNewTokens));
        yield return new("generation.rows", "while open");                              // answers that are done leave the batch
        yield return new("trace.block_size", Text(BlockSize));                           // a batch's rows change each other's last bits
        yield return new("trace.states", WideStates ? "float32" : "float16");
        yield return new("trace.answer_attention", AnswerAttention ? "yes" : "no");
        yield return new("trace.grey_lens", GreyLens ? "yes" : "no");
    }

    internal void Check()
    {
        if (Samples < 0) throw new VrpException($"{Samples} sampled answers; expected 0 or more.");
        if (MaxNewTokens < 1) throw new VrpException($"Answers of at most {MaxNewTokens} tokens; expected at least 1.");
        if (BlockSize < 1) throw new VrpException($"Blocks of {BlockSize} questions; expected at least 1.");
        _ = Sampling;
    }
}
