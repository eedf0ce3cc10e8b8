using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Vrp.Models.Tokenizing.Bpe;

/// <summary>Pieces and their ids. The pieces are kept as UTF-8 in one block with an open-addressing hash table over it: a vocabulary of 256,000 pieces loads
/// without making as many strings, and pieces are looked up from the JSON's own bytes. The methods that loading spends its time in are compiled optimised from
/// the first call: loading is over before the runtime would do so by itself.</summary>
sealed class Vocabulary
{
    readonly record struct Entry(int Start, int Length, uint Hash, int Id);

    byte[] utf8 = new byte[1 << 16];
    int used;
    readonly List<Entry> entries = [];
    int[] slots = new int[1 << 12];   // entry number + 1, 0 where empty
    int[] entryOfId = [];

    public int Count => entries.Count;

    /// <summary>Adds a piece; false when it is there already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryAdd(ReadOnlySpan<byte> piece, int id)
    {
        var hash = HashOf(piece);
        var slot = Find(piece, hash);
        if (slots[slot] != 0) return false;
        if (used + piece.Length > utf8.Length) Array.Resize(ref utf8, Math.Max(utf8.Length * 2, used + piece.Length));
        piece.CopyTo(utf8.AsSpan(used));
        entries.Add(new(used, piece.Length, hash, id));
        used += piece.Length;
        slots[slot] = entries.Count;
        if (entries.Count * 2 > slots.Length) Grow();
        return true;
    }

    /// <summary>To be called once when all pieces are in; gives the first two pieces that share an id, if any.</summary>
    public (string, string)? IndexIds()
    {
        entryOfId = new int[entries.Count == 0 ? 0 : entries.Max(entry => entry.Id) + 1];
        Array.Fill(entryOfId, -1);
        for (var i = 0; i < entries.Count; i++)
        {
            ref var entry = ref entryOfId[entries[i].Id];
            if (entry >= 0) return (PieceOf(entries[entry]), PieceOf(entries[i]));
            entry = i;
        }

        return null;
    }

    /// <summary>The id of a piece, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int IdOf(ReadOnlySpan<byte> piece) => slots[Find(piece, HashOf(piece))] is > 0 and var entry ? entries[entry - 1].Id : -1;

    /// <inheritdoc cref="IdOf(ReadOnlySpan{byte})"/>
    public int IdOf(string piece) => IdOf(Encoding.UTF8.GetBytes(piece));

    /// <summary>The piece of an id as UTF-8; empty where there is none.</summary>
    public ReadOnlySpan<byte> Utf8Of(int id) =>
        (uint)id < (uint)entryOfId.Length && entryOfId[id] is >= 0 and var entry ? utf8.AsSpan(entries[entry].Start, entries[entry].Length) : [];

    /// <summary>The piece of an id, or null.</summary>
    public string? PieceOf(int id) => (uint)id < (uint)entryOfId.Length && entryOfId[id] is >= 0 and var entry ? PieceOf(entries[entry]) : null;

    /// <summary>The ids of the pieces that are one code point.</summary>
    public Dictionary<int, int> SingleCharacters()
    {
        var ids = new Dictionary<int, int>();
        foreach (var entry in entries)
            if (entry.Length is > 0 and <= 4
                && Rune.DecodeFromUtf8(utf8.AsSpan(entry.Start, entry.Length), out var rune, out var length) == OperationStatus.Done && length == entry.Length)
                ids[rune.Value] = entry.Id;
        return ids;
    }

    string PieceOf(Entry entry) => Encoding.UTF8.GetString(utf8, entry.Start, entry.Length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int Find(ReadOnlySpan<byte> piece, uint hash)
    {
        var mask = slots.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            if (slots[slot] == 0) return slot;
            var entry = entries[slots[slot] - 1];
            if (entry.Hash == hash && piece.SequenceEqual(utf8.AsSpan(entry.Start, entry.Length))) return slot;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Grow()
    {
        slots = new int[slots.Length * 4];
        var mask = slots.Length - 1;
        for (var i = 0; i < entries.Count; i++)
        {
            var slot = (int)entries[i].Hash & mask;
            while (slots[slot] != 0) slot = (slot + 1) & mask;
            slots[slot] = i + 1;
        }
    }

    /// <summary>FNV-1a, its high bits folded into the low ones that pick the slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static uint HashOf(ReadOnlySpan<byte> piece)
    {
        var hash = 2166136261u;
        foreach (var b in piece) hash = (hash ^ b) * 16777619u;
        return hash ^ hash >> 15;
    }
}
