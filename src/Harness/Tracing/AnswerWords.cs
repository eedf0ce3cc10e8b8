using Vrp.Models.Tokenizing;

namespace Vrp.Harness.Tracing;

/// <summary>Which tokens an answer can begin with: every token of the vocabulary by its text without blanks, punctuation and case.</summary>
public sealed class AnswerWords
{
    readonly HuggingFaceTokenizer tokenizer;
    readonly int vocabularySize;
    readonly Dictionary<string, List<int>> byText = new(StringComparer.Ordinal);

    /// <param name="tokenizer">The model's.</param>
    /// <param name="vocabularySize">Rows of the model's head; tokens beyond are left out.</param>
    public AnswerWords(HuggingFaceTokenizer tokenizer, int vocabularySize)
    {
        (this.tokenizer, this.vocabularySize) = (tokenizer, vocabularySize);
        for (var id = 0; id < vocabularySize; id++)
        {
            var text = Normalise(TextOf(id));
            if (text.Length == 0) continue;
            if (!byText.TryGetValue(text, out var ids)) byText.Add(text, ids = []);
            ids.Add(id);
        }
        var (yes, no) = (Beginning("yes"), Beginning("no"));
        (Yes, No) = ([.. yes.Except(no)], [.. no.Except(yes)]);
    }

    /// <summary>Tokens that say yes, ascending.</summary>
    public IReadOnlyList<int> Yes { get; }

    /// <summary>Tokens that say no, ascending.</summary>
    public IReadOnlyList<int> No { get; }

    /// <summary>What a token prints on its own; empty for special tokens.</summary>
    public string TextOf(int id) => id < tokenizer.VocabularySize && !tokenizer.IsSpecial(id) ? tokenizer.Decode([id], skipSpecialTokens: true) : "";

    /// <summary>Tokens that are the word; where the vocabulary has none, those that its spellings begin with.</summary>
    public IReadOnlyList<int> Beginning(string word)
    {
        var plain = Normalise(word);
        if (byText.TryGetValue(plain, out var whole)) return whole;
        if (plain.Length == 0) return [];
        var capital = char.ToUpperInvariant(plain[0]) + plain[1..];
        return [.. ((string[])[plain, capital, " " + plain, " " + capital]).Select(First).OfType<int>().Distinct().Order()];
    }

    /// <summary>The first token of a text that prints something: a lone blank says nothing of the answer.</summary>
    int? First(string text)
    {
        foreach (var id in tokenizer.Encode(text, addSpecialTokens: false))
            if (id < vocabularySize && Normalise(TextOf(id)).Length > 0) return id;
        return null;
    }

    static string Normalise(string text)
    {
        int start = 0, end = text.Length;
        while (start < end && !char.IsLetterOrDigit(text[start])) start++;
        while (end > start && !char.IsLetterOrDigit(text[end - 1])) end--;
        return text[start..end].ToLowerInvariant();
    }
}
