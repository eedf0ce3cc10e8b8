using System.Runtime.CompilerServices;

namespace Vrp.Models.Tokenizing.Bpe;

/// <summary>The merges in order of rank: which pairs of ids join, and into which id. An open-addressing hash table of two flat arrays; the inner loop of
/// encoding, and over half a million entries for Gemma.</summary>
sealed class MergeTable
{
    ulong[] keys = new ulong[1 << 12];   // pair + 1, 0 where empty
    int[] ranks = new int[1 << 12];
    int pairs;
    readonly List<int> merged = [];

    /// <summary>Adds the merge of the next rank. A pair that is listed again takes the later rank, as in the reference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int left, int right, int result)
    {
        if (pairs * 2 >= keys.Length) Grow();
        var slot = Find(keys, Key(left, right));
        if (keys[slot] == 0) pairs++;
        keys[slot] = Key(left, right);
        ranks[slot] = merged.Count;
        merged.Add(result);
    }

    /// <summary>The rank of a pair, or -1 when it does not merge.</summary>
    public int RankOf(int left, int right) => Find(keys, Key(left, right)) is var slot && keys[slot] != 0 ? ranks[slot] : -1;

    /// <summary>The pairs that merge, in no order.</summary>
    public IEnumerable<(int Left, int Right)> Pairs => keys.Where(key => key != 0).Select(key => ((int)(key - 1 >> 32), (int)(key - 1)));

    /// <summary>The id that a merge of this rank makes.</summary>
    public int ResultOf(int rank) => merged[rank];

    static ulong Key(int left, int right) => ((ulong)(uint)left << 32 | (uint)right) + 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Find(ulong[] keys, ulong key)
    {
        var mask = keys.Length - 1;
        var slot = (int)(key * 0x9E3779B97F4A7C15 >> 32) & mask;   // Fibonacci hashing: the product's high half mixes both ids
        while (keys[slot] != 0 && keys[slot] != key) slot = (slot + 1) & mask;
        return slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Grow()
    {
        var (newKeys, newRanks) = (new ulong[keys.Length * 4], new int[keys.Length * 4]);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] == 0) continue;
            var slot = Find(newKeys, keys[i]);
            (newKeys[slot], newRanks[slot]) = (keys[i], ranks[i]);
        }

        (keys, ranks) = (newKeys, newRanks);
    }
}
