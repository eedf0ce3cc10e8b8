using System.Globalization;
using System.Text;
using Vrp.Models.Tokenizing.Unicode;

namespace Vrp.Models.Tokenizing.Bpe;

/// <summary>Byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909) as tokenizers' BPE model does it: characters become ids, unknown ones their bytes or
/// the unknown token, then pairs merge by rank.</summary>
sealed class BpeModel
{
    readonly MergeTable merges;
    readonly Dictionary<int, int> characters;
    readonly int[]? byteIds;   // ids of <0x00> to <0xFF>, -1 where there is none; null without byte fallback
    readonly int unknownId;
    readonly bool fuseUnknown, ignoreMerges;
    readonly Lazy<HashSet<long>> junctions;
    readonly WordCache cache = new();

    /// <param name="vocabulary">The pieces.</param>
    /// <param name="merges">Which of them merge.</param>
    /// <param name="unknownId">The unknown token's id, or -1: characters without id then vanish.</param>
    /// <param name="fuseUnknown">Whether neighbouring unknown characters become one unknown token.</param>
    /// <param name="byteFallback">Whether unknown characters become their UTF-8 bytes where the vocabulary has them.</param>
    /// <param name="ignoreMerges">Whether a word that is a piece itself is taken whole.</param>
    public BpeModel(Vocabulary vocabulary, MergeTable merges, int unknownId, bool fuseUnknown, bool byteFallback, bool ignoreMerges)
    {
        (Vocabulary, this.merges, this.unknownId, this.fuseUnknown, this.ignoreMerges) = (vocabulary, merges, unknownId, fuseUnknown, ignoreMerges);
        characters = vocabulary.SingleCharacters();
        if (byteFallback) byteIds = [.. Enumerable.Range(0, 256).Select(b => vocabulary.IdOf(string.Create(CultureInfo.InvariantCulture, $"<0x{b:X2}>")))];
        junctions = new(FindJunctions);
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>A workspace for <see cref="Encode"/>, one per caller.</summary>
    public MergeQueue NewQueue() => new(merges);

    /// <summary>Appends the ids of one word.</summary>
    /// <param name="word">Well-formed text.</param>
    /// <param name="queue">A workspace.</param>
    /// <param name="ids">Where to append.</param>
    /// <param name="at">If given, which units of the word each of these ids stands for.</param>
    public void Encode(string word, MergeQueue queue, List<int> ids, List<Offsets>? at = null)
    {
        if (ignoreMerges && Vocabulary.IdOf(word) is >= 0 and var whole)
        {
            ids.Add(whole);
            at?.Add(new(0, word.Length));
            return;
        }

        int start = 0, before = -1;
        for (int i = 0, length; i < word.Length && word.Length > WordCache.LongestWord; i += length)
        {
            var character = WellFormed.CodePointAt(word, i, out length);
            if (before >= 0 && MayCut(before, character))
            {
                EncodePart(word, start, i, queue, ids, at);
                start = i;
            }

            before = character;
        }

        EncodePart(word, start, word.Length, queue, ids, at);
    }

    void EncodePart(string word, int start, int end, MergeQueue queue, List<int> ids, List<Offsets>? at)
    {
        var part = word.AsSpan(start, end - start);
        if (at is null && cache.Find(part) is { } known)
        {
            ids.AddRange(known);
            return;
        }

        var first = ids.Count;
        AddSymbols(part, start, queue);
        queue.Merge(ids, at);
        if (at is null) cache.Add(part, ids, first);
    }

    /// <summary>Whether no merge can ever cross this place, so that the text on its two sides may be encoded apart. Between two characters of the vocabulary
    /// what merges is a piece that ends with the one and a piece that begins with the other. Unknown characters wait for their neighbours to fuse, and become
    /// pieces of another text than their own, so there is no cut beside them.</summary>
    bool MayCut(int before, int after) => !junctions.Value.Contains(Junction(before, after)) && characters.ContainsKey(before) && characters.ContainsKey(after);

    static long Junction(int before, int after) => (long)before << 32 | (uint)after;

    HashSet<long> FindJunctions()
    {
        HashSet<long> found = [];
        foreach (var (left, right) in merges.Pairs)
        {
            Rune.DecodeLastFromUtf8(Vocabulary.Utf8Of(left), out var before, out _);
            Rune.DecodeFromUtf8(Vocabulary.Utf8Of(right), out var after, out _);
            found.Add(Junction(before.Value, after.Value));
        }

        return found;
    }

    void AddSymbols(ReadOnlySpan<char> part, int offset, MergeQueue queue)
    {
        // An unknown token waits until a known character or the end, so that more can fuse into it. Bytes of a character that falls back do
        // not flush it and so come out before it; that is the reference's order.
        Offsets? unknown = null;
        for (int i = 0, length; i < part.Length; i += length)
        {
            var character = WellFormed.CodePointAt(part, i, out length);
            var at = new Offsets(offset + i, offset + i + length);
            if (characters.TryGetValue(character, out var id))
            {
                if (unknown is { } waiting) queue.Add(unknownId, waiting);
                unknown = null;
                queue.Add(id, at);
            }
            else if (!TryBytes(character, at, queue) && unknownId >= 0)
            {
                if (unknown is { } waiting && !fuseUnknown) queue.Add(unknownId, waiting);
                unknown = unknown is { } first && fuseUnknown ? first with { End = at.End } : at;
            }
        }

        if (unknown is { } last) queue.Add(unknownId, last);
    }

    bool TryBytes(int character, Offsets at, MergeQueue queue)
    {
        if (byteIds is null) return false;
        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..new Rune(character).EncodeToUtf8(utf8)];
        foreach (var b in utf8)
            if (byteIds[b] < 0) return false;
        foreach (var b in utf8) queue.Add(byteIds[b], at);
        return true;
    }
}
