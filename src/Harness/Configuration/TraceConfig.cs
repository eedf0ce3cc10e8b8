namespace Vrp.Harness.Configuration;

/// <summary>What is recorded of every answer.</summary>
public sealed record TraceConfig
{
    /// <summary>Sampled answers per question. Other than 10, 0.7 and 0.9 leave self-consistency NotRun: the study's protocol is stated in these numbers.</summary>
    public int K { get; init; } = 10;

    /// <summary>Of the sampled answers.</summary>
    public double Temperature { get; init; } = 0.7;

    /// <summary>Of the sampled answers.</summary>
    public double TopP { get; init; } = 0.9;

    /// <summary>Of the sampled answers.</summary>
    public ulong Seed { get; init; }

    /// <summary>Longest answer in tokens.</summary>
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>Also the attention as the mean over the answer's tokens.</summary>
    public bool AnswerAttention { get; init; }

    /// <summary>Also the logit lens with a grey picture (one more prefill).</summary>
    public bool GreyLens { get; init; }
}
