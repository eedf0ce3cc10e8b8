using System.Globalization;
using Vrp.Harness.Storage;
using Vrp.Models;

namespace Vrp.Harness.Intervening;

/// <summary>How the intervention stage runs.</summary>
public sealed record InterventionOptions
{
    /// <summary>Most questions of a block; one prefill serves all arms of a block.</summary>
    public int BlockSize { get; init; } = 24;

    /// <summary>Most rows (questions × arms) of one restart. Fewer need less memory.</summary>
    public int RowsPerBatch { get; init; } = 1024;

    /// <summary>Most positions (questions × arms × prompt) of one restart at all positions.</summary>
    public int PositionsPerBatch { get; init; } = 32768;

    /// <summary>Longest answer in tokens, its end token included.</summary>
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>Reads what an image's prompts have in common once, where attention is causal; the results are the same up to the rounding of sums in another
    /// order.</summary>
    public bool PrefixSharing { get; init; } = true;

    /// <summary>Which part of the blocks to run.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>What of this the results depend on.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Facts()
    {
        string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
        yield return new("intervene.block_size", Text(BlockSize));
        yield return new("intervene.rows_per_batch", Text(RowsPerBatch));
        yield return new("intervene.positions_per_batch", Text(PositionsPerBatch));
        yield return new("generation.max_new_tokens", Text(MaxNewTokens));
    }

    internal void Check()
    {
        foreach (var (value, name) in ((int, string)[])[(BlockSize, "questions per block"), (RowsPerBatch, "rows per batch"),
            (PositionsPerBatch, "positions per batch"), (MaxNewTokens, "answer tokens")])
            if (value < 1) throw new VrpException($"{value} {name}; expected at least 1.");
    }
}
