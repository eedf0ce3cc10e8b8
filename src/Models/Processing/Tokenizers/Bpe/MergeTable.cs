namespace Vrp.Models.Processing.Tokenizers.Bpe;

/// <summary>The merges in order of rank: which pairs of ids join, and into which id.</summary>
sealed class MergeTable(int capacity)
{
    readonly Dictionary<ulong, int> ranks = new(capacity);
    readonly List<int> merged = new(capacity);

    /// <summary>Adds the merge of the next rank. A pair that is listed again takes the later rank, as in the reference.</summary>
    public void Add(int left, int right, int result)
    {
        ranks[Pair(left, right)] = merged.Count;
        merged.Add(result);
    }

    /// <summary>The rank of a pair, or -1 when it does not merge.</summary>
    public int RankOf(int left, int right) => ranks.TryGetValue(Pair(left, right), out var rank) ? rank : -1;

    /// <summary>The id that a merge of this rank makes.</summary>
    public int ResultOf(int rank) => merged[rank];

    static ulong Pair(int left, int right) => (ulong)(uint)left << 32 | (uint)right;
}
