using Vrp.Models.Layers;

namespace Vrp.Harness.Storage;

/// <summary>What a stretch of work computed (<see cref="PassCounter"/>) and stored.</summary>
/// <param name="Images">Pictures through the vision tower.</param>
/// <param name="Prompts">Prompts read.</param>
/// <param name="DecodedTokens">Tokens read after prompts.</param>
/// <param name="BlockPositions">Positions × blocks of the language model.</param>
public sealed record PassCounts(long Images, long Prompts, long DecodedTokens, long BlockPositions)
{
    public static PassCounts Zero { get; } = new(0, 0, 0, 0);

    public static PassCounts Of(PassCounter counter) => new(counter.Images, counter.Prompts, counter.DecodedTokens, counter.BlockPositions);

    public static PassCounts operator +(PassCounts a, PassCounts b) =>
        new(a.Images + b.Images, a.Prompts + b.Prompts, a.DecodedTokens + b.DecodedTokens, a.BlockPositions + b.BlockPositions);

    public static PassCounts operator -(PassCounts a, PassCounts b) =>
        new(a.Images - b.Images, a.Prompts - b.Prompts, a.DecodedTokens - b.DecodedTokens, a.BlockPositions - b.BlockPositions);
}
