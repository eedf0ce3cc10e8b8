using Vrp.Models.Layers;

namespace Vrp.Harness.Storage;

/// <summary>What a stretch of work computed (<see cref="PassCounter"/>) and stored.</summary>
/// <param name="Images">Pictures through the vision tower.</param>
/// <param name="Prompts">Prompts read from their first token; a head that several share is one.</param>
/// <param name="DecodedTokens">Tokens read after prompts.</param>
/// <param name="BlockPositions">Positions × blocks of the language model.</param>
public sealed record PassCounts(long Images, long Prompts, long DecodedTokens, long BlockPositions)
{
    /// <summary>Positions of prompts read, padding included.</summary>
    public long PromptPositions { get; init; }

    /// <summary>Of them, padding.</summary>
    public long PaddedPositions { get; init; }

    /// <summary>Positions that the same batches take where every prompt is read in full.</summary>
    public long UnsharedPositions { get; init; }

    public static PassCounts Zero { get; } = new(0, 0, 0, 0);

    public static PassCounts Of(PassCounter counter) => new(counter.Images, counter.Prompts, counter.DecodedTokens, counter.BlockPositions)
    {
        PromptPositions = counter.PromptPositions,
        PaddedPositions = counter.PaddedPositions,
        UnsharedPositions = counter.UnsharedPositions,
    };

    public static PassCounts operator +(PassCounts a, PassCounts b) => Sum(a, 1, b);

    public static PassCounts operator -(PassCounts a, PassCounts b) => Sum(a, -1, b);

    static PassCounts Sum(PassCounts a, int sign, PassCounts b) => new(a.Images + sign * b.Images, a.Prompts + sign * b.Prompts,
        a.DecodedTokens + sign * b.DecodedTokens, a.BlockPositions + sign * b.BlockPositions)
    {
        PromptPositions = a.PromptPositions + sign * b.PromptPositions,
        PaddedPositions = a.PaddedPositions + sign * b.PaddedPositions,
        UnsharedPositions = a.UnsharedPositions + sign * b.UnsharedPositions,
    };
}
