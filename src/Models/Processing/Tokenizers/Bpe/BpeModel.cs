using System.Globalization;
using System.Text;
using Vrp.Models.Processing.Tokenizers.Unicode;

namespace Vrp.Models.Processing.Tokenizers.Bpe;

/// <summary>Byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909) as tokenizers' BPE model does it: characters become ids, unknown ones
/// their bytes or the unknown token, then pairs merge by rank.</summary>
sealed class BpeModel
{
    readonly MergeTable merges;
    readonly Dictionary<int, int> characters;
    readonly int[]? byteIds;   // ids of <0x00> to <0xFF>, -1 where there is none; null without byte fallback
    readonly int unknownId;
    readonly bool fuseUnknown, ignoreMerges;

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
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>A workspace for <see cref="Encode"/>, one per caller.</summary>
    public MergeQueue NewQueue() => new(merges);

    /// <summary>Appends the ids of one word.</summary>
    public void Encode(string word, MergeQueue queue, List<int> ids)
    {
        if (ignoreMerges && Vocabulary.IdOf(word) is >= 0 and var whole)
        {
            ids.Add(whole);
            return;
        }

        // An unknown token waits until a known character or the end, so that more can fuse into it. Bytes of a character that falls back do
        // not flush it and so come out before it; that is the reference's order.
        var unknownWaits = false;
        for (int i = 0, length; i < word.Length; i += length)
        {
            var character = WellFormed.CodePointAt(word, i, out length);
            if (characters.TryGetValue(character, out var id))
            {
                if (unknownWaits) queue.Add(unknownId);
                unknownWaits = false;
                queue.Add(id);
            }
            else if (!TryBytes(character, queue) && unknownId >= 0)
            {
                if (unknownWaits && !fuseUnknown) queue.Add(unknownId);
                unknownWaits = true;
            }
        }

        if (unknownWaits) queue.Add(unknownId);
        queue.Merge(ids);
    }

    bool TryBytes(int character, MergeQueue queue)
    {
        if (byteIds is null) return false;
        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..new Rune(character).EncodeToUtf8(utf8)];
        foreach (var b in utf8)
            if (byteIds[b] < 0) return false;
        foreach (var b in utf8) queue.Add(byteIds[b]);
        return true;
    }
}
