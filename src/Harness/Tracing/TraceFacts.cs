namespace Vrp.Harness.Tracing;

/// <summary>What all questions of a trace have in common.</summary>
public sealed record TraceFacts
{
    /// <summary>The model's name, as reports show it.</summary>
    public required string Subject { get; init; }

    /// <summary>transformers' model_type: llava, paligemma or qwen2_vl; "other" for an imported model of another family.</summary>
    public required string Family { get; init; }

    /// <summary>The data set's name.</summary>
    public required string Data { get; init; }

    /// <summary>Blocks of the language model, L.</summary>
    public required int Layers { get; init; }

    /// <summary>Units of the residual stream, D.</summary>
    public required int Hidden { get; init; }

    /// <summary>Query heads per block, H.</summary>
    public required int Heads { get; init; }

    /// <summary>Sampled answers per question, K.</summary>
    public int Samples { get; init; } = 10;

    /// <summary>Of the sampled answers.</summary>
    public double Temperature { get; init; } = 0.7;

    /// <summary>Of the sampled answers.</summary>
    public double TopP { get; init; } = 0.9;

    /// <summary>Of the sampled answers.</summary>
    public ulong Seed { get; init; }

    /// <summary>The other program whose log the answers were taken from: then there are no arrays, and of the probabilities only what the log has. Null for a
    /// trace made here.</summary>
    public string? ImportedFrom { get; init; }

    /// <summary>SHA-256 of everything that the trace depends on; empty for a trace made up in memory.</summary>
    public string Key { get; init; } = "";

    /// <summary>SHA-256 of what the store holds under that key; empty for a trace made up in memory.</summary>
    public string Content { get; init; } = "";
}
