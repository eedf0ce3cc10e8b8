using System.Globalization;
using Vrp.Models;

namespace Vrp.Harness.Storage;

/// <summary>One part of a run that is split over several jobs, written <c>i/n</c> with i from 1. A shard is a run of whole blocks, so that the split does not
/// change any result.</summary>
/// <param name="Index">i, from 1.</param>
/// <param name="Count">n.</param>
public sealed record Shard(int Index, int Count)
{
    /// <summary>All of it.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <exception cref="VrpException">Not of the form i/n with 1 ≤ i ≤ n.</exception>
    public static Shard Parse(string text) => TryParse(text) ?? throw new VrpException($"'{text}' is not a shard; expected i/n with i from 1 to n, as in 2/5.");

    /// <summary>Null where it is not of the form i/n with 1 ≤ i ≤ n.</summary>
    internal static Shard? TryParse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && index >= 1 && index <= count
            ? new Shard(index, count) : null;
    }

    /// <summary>The blocks of this shard, of <paramref name="blocks"/> in all; empty where there are more shards than blocks.</summary>
    public Range BlocksOf(int blocks) => (int)((long)(Index - 1) * blocks / Count)..(int)((long)Index * blocks / Count);

    public override string ToString() => $"{Index}/{Count}";
}
