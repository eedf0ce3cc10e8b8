namespace Vrp.Models.Hooks;

/// <summary>What a model has computed so far, counted where it is computed: the price of a measurement in units that do not depend on the machine.</summary>
public sealed class PassCounter
{
    /// <summary>Pictures through the vision tower.</summary>
    public long Images { get; private set; }

    /// <summary>Prompts read from their first token.</summary>
    public long Prompts { get; private set; }

    /// <summary>Tokens read after a prompt, one per answer and step.</summary>
    public long DecodedTokens { get; private set; }

    /// <summary>Positions × blocks of the language model: a prompt of T tokens is T·L, a restart of its last position at block l is L − l.</summary>
    public long BlockPositions { get; private set; }

    internal void AddImages(long images) => Images += images;
    internal void AddPrompts(long prompts) => Prompts += prompts;
    internal void AddDecodedTokens(long tokens) => DecodedTokens += tokens;
    internal void AddBlocks(long rows, long positions, long blocks) => BlockPositions += rows * positions * blocks;
}
