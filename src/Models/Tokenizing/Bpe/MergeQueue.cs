namespace Vrp.Models.Tokenizing.Bpe;

/// <summary>Applies merges to one word: always the pair of lowest rank, the leftmost of these, until none is left. A heap over a linked list, n log n for n
/// symbols. Reusable; not thread-safe.</summary>
sealed class MergeQueue(MergeTable merges)
{
    struct Symbol
    {
        public int Id, Previous, Next;   // Id -1: taken up by its left neighbour
        public Offsets At;
    }

    readonly PriorityQueue<int, ulong> queue = new();   // position of the left symbol, by rank, then position
    Symbol[] symbols = new Symbol[64];
    int count;

    /// <summary>How many candidate merges were looked at; for tests of the running time.</summary>
    public long Steps { get; private set; }

    /// <summary>Adds a symbol to the word.</summary>
    public void Add(int id, Offsets at = default)
    {
        if (count == symbols.Length) Array.Resize(ref symbols, count * 2);
        symbols[count] = new() { Id = id, Previous = count - 1, Next = -1, At = at };
        if (count > 0) symbols[count - 1].Next = count;
        count++;
    }

    /// <summary>Merges the word, appends its ids (and what they stand for) and empties it.</summary>
    public void Merge(List<int> ids, List<Offsets>? at = null)
    {
        for (var i = 0; i + 1 < count; i++) Offer(i);
        while (queue.TryDequeue(out var position, out var key))
        {
            Steps++;
            ref var left = ref symbols[position];
            if (left.Id < 0 || left.Next < 0) continue;

            // The entry may be out of date; it counts as long as the pair that stands there now makes the same piece.
            var right = symbols[left.Next];
            var made = merges.ResultOf((int)(key >> 32));
            if (merges.RankOf(left.Id, right.Id) is var rank && (rank < 0 || merges.ResultOf(rank) != made)) continue;

            symbols[left.Next].Id = -1;
            left.Id = made;
            left.Next = right.Next;
            left.At = left.At with { End = right.At.End };
            if (right.Next >= 0)
            {
                symbols[right.Next].Previous = position;
                Offer(position);
            }

            if (left.Previous >= 0) Offer(left.Previous);
        }

        for (var i = 0; i < count; i++)
        {
            if (symbols[i].Id < 0) continue;
            ids.Add(symbols[i].Id);
            at?.Add(symbols[i].At);
        }

        count = 0;
    }

    void Offer(int position)
    {
        var left = symbols[position];
        if (merges.RankOf(left.Id, symbols[left.Next].Id) is >= 0 and var rank) queue.Enqueue(position, (ulong)rank << 32 | (uint)position);
    }
}
