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
