using System.Globalization;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Storage;

/// <summary>Puts the shards of a run together: copies of their blocks, checked on the way, in one store that has the same bytes as one that was never
/// split.</summary>
public static class StoreMerge
{
    /// <param name="folders">Run folders (or stores) of the shards.</param>
    /// <param name="into">The run folder to make.</param>
    /// <returns>The stores made, one per stage and key.</returns>
    /// <exception cref="ForeignShardException">Shards of one stage have different keys.</exception>
    /// <exception cref="DuplicateShardException">Two shards hold the same block.</exception>
    /// <exception cref="MissingShardException">A block is in none.</exception>
    public static IReadOnlyList<string> Run(IReadOnlyList<string> folders, string into)
    {
        var stores = folders.SelectMany(folder => BlockStore.FindAll(folder) is { Count: > 0 } found ? found
            : throw new StoreException($"{folder} holds no results of a stage (STAGE/KEY/manifest.json). Name the folder that was given as --out.")).ToList();
        var made = new List<string>();
        foreach (var stage in stores.GroupBy(s => s.Manifest.Stage).OrderBy(g => g.Key, StringComparer.Ordinal)) made.Add(Merge([.. stage], into));
        return made;
    }

    static string Merge(IReadOnlyList<BlockStore> shards, string into)
    {
        var first = shards[0];
        if (shards.FirstOrDefault(s => s.Manifest.Key != first.Manifest.Key) is { } foreign)
            throw new ForeignShardException($"{foreign.Folder} does not belong to {first.Folder}; they differ in "
                + $"{first.Manifest.RunKey().Differences(foreign.Manifest.RunKey())}. Merge shards of one run.");

        var owners = new BlockStore[first.Manifest.Blocks];
        var missing = new List<int>();
        for (var block = 0; block < owners.Length; block++)
        {
            BlockStore[] holders = [.. shards.Where(s => s.Exists(block))];
            if (holders.Length > 1)
                throw new DuplicateShardException($"Block {block} is in {holders[0].Folder} and in {holders[1].Folder}; expected each in one. Name every "
                    + "shard once.");
            if (holders.Length == 0) missing.Add(block);
            else owners[block] = holders[0];
        }
        if (missing.Count > 0)
            throw new MissingShardException($"{missing.Count} of {owners.Length} blocks of the {first.Manifest.Stage} stage are in no shard: "
                + $"{Ranges(missing)} (questions from {first.FirstOf(missing[0])}). {WhatFills(shards, missing)}");

        var merged = BlockStore.Create(into, first.Manifest.RunKey(), first.Manifest.Samples, first.Manifest.BlockSize, starts: first.Manifest.Starts);
        for (var block = 0; block < owners.Length; block++)
        {
            var owner = owners[block];
            if (owner.TryRead(block, out var damage) is null)
                throw new StoreException($"Block {block} of {owner.Folder} cannot be used: {damage}. Run that shard again.");
            foreach (var file in (string[])[owner.TensorsPath(block), owner.RecordsPath(block)])
                if (FileDoor.IsLink(file)) throw new StoreException($"{file} is a link; expected the file that the stage wrote. Put the file itself there.");
            Copy(owner.TensorsPath(block), merged.TensorsPath(block));
            Copy(owner.RecordsPath(block), merged.RecordsPath(block));
        }
        foreach (var companion in first.Companions) Copy(companion, Path.Combine(merged.Folder, Path.GetFileName(companion)));
        merged.ReadAll();
        new StatusFile(merged.Folder, merged.Manifest.Stage, Shard.Whole, merged.Manifest.Samples, null).Write(merged.Manifest.Samples, 0, "done");
        return merged.Folder;
    }

    /// <summary>The parts that lack blocks, each with the command that resumes it; where the parts' status files do not say how many there are, only the
    /// advice.</summary>
    static string WhatFills(IReadOnlyList<BlockStore> shards, List<int> missing)
    {
        var found = shards.SelectMany(store => StatusFile.ShardsOf(store.Folder).Select(shard => (Shard: shard, Store: store))).ToList();
        int[] counts = [.. found.Select(one => one.Shard.Count).Distinct()];
        if (counts is not [var count]) return "Name all shards, and run those that are not finished.";
        var manifest = shards[0].Manifest;
        var parts = Enumerable.Range(1, count).Select(i => new Shard(i, count))
            .Where(part => missing.Any(block => block >= part.BlocksOf(manifest.Blocks).Start.Value
                && block < part.BlocksOf(manifest.Blocks).End.Value)).ToList();
        var what = parts.Select(part => found.FirstOrDefault(one => one.Shard == part) is { Store: { } store }
            ? $"part {part} is not finished: `vrp {manifest.Stage} … --shard {part} --out {RunOf(store.Folder)}` goes on with it"
            : $"part {part} is not here: name its folder, or fill it with `vrp {manifest.Stage} … --shard {part} --out FOLDER`");
        return $"{string.Join("; ", what)}. The rest of the command is that of the other parts.";
    }

    /// <summary>The run's folder, which is what --out takes, of a store in STAGE/KEY below it.</summary>
    static string RunOf(string store) =>
        Path.GetDirectoryName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(store))) is { Length: > 0 } run ? run : ".";

    static void Copy(string from, string to) => AtomicFile.Write(to, stream =>
    {
        using var source = FileDoor.OpenRead(from);
        source.CopyTo(stream);
    });

    static string Ranges(List<int> numbers)
    {
        var parts = new List<string>();
        for (var i = 0; i < numbers.Count;)
        {
            var start = i;
            while (i + 1 < numbers.Count && numbers[i + 1] == numbers[i] + 1) i++;
            parts.Add(i > start ? $"{numbers[start]}-{numbers[i]}" : $"{numbers[start]}");
            i++;
        }
        return string.Join(", ", parts);
    }
}

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
