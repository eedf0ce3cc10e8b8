namespace Vrp.Models.Tokenizing.Bpe;

/// <summary>Ids of words met lately: prose repeats itself. Of bounded size, since a word's slot is taken by the next word that hashes to it, and without locks,
/// since what stands in a slot never changes and slots are replaced whole; which words are found can differ from run to run, their ids can not.</summary>
sealed class WordCache
{
    /// <summary>In UTF-16 units. Longer words rarely come again.</summary>
    public const int LongestWord = 32;

    const int Slots = 1 << 14;   // full of the longest words: about 3 MB

    sealed record Entry(string Word, int[] Ids);

    readonly Entry?[] entries = new Entry?[Slots];

    /// <summary>The ids of a word, or null when they are not known.</summary>
    public int[]? Find(ReadOnlySpan<char> word) =>
        word.Length <= LongestWord && entries[SlotOf(word)] is { } entry && word.SequenceEqual(entry.Word) ? entry.Ids : null;

    /// <summary>Keeps the ids of a word: those from <paramref name="first"/> on.</summary>
    public void Add(ReadOnlySpan<char> word, List<int> ids, int first)
    {
        if (word.Length <= LongestWord) entries[SlotOf(word)] = new(word.ToString(), [.. ids[first..]]);
    }

    static int SlotOf(ReadOnlySpan<char> word) => string.GetHashCode(word) & Slots - 1;
}
