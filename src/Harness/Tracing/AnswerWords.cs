using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
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

/// <summary>Chooses the two tokens that a question's logit lens compares. Yes-no questions: yes against no, whatever the label, so that a corrected label needs
/// no new trace; the sign comes with the label. Places: the gold one against its opposite. Numbers and names: the gold answer against the token that the model
/// likes best apart from it. Where an answer can be written in several ways, the one that the model likes best at its output is taken.</summary>
public sealed class TruthTokens(AnswerWords words, AliasTable aliases)
{
    static readonly Dictionary<string, string> opposites = new() { ["left"] = "right", ["right"] = "left", ["top"] = "bottom", ["bottom"] = "top" };

    /// <summary>Whether a question's tokens are yes and no.</summary>
    public static bool IsYesNo(Question question) => question.Kind is QuestionKind.YesNo or QuestionKind.Spatial && question.Answers is ["yes" or "no"];

    /// <summary>What the choice depends on besides the model, for the trace's key: nothing of a yes-no label.</summary>
    public string About(Question question) => IsYesNo(question) ? "yes-no" : string.Join('|', Spellings(question));

    /// <param name="question">The question.</param>
    /// <param name="logits">The model's at the last prompt position, [V].</param>
    /// <returns>Yes and no, or truth and competitor; null for an open question, or where the vocabulary does not tell them apart.</returns>
    public (int First, int Second)? Choose(Question question, ReadOnlySpan<float> logits)
    {
        if (IsYesNo(question)) return Best(words.Yes, logits) is { } yes && Best(words.No, logits) is { } no ? (yes, no) : null;
        int[] truths = [.. Spellings(question).SelectMany(words.Beginning).Distinct()];
        if (question.Kind == QuestionKind.Spatial && opposites.TryGetValue(question.Answers[0], out var opposite))
        {
            var others = words.Beginning(opposite);
            return Best([.. truths.Except(others)], logits) is { } place && Best([.. others.Except(truths)], logits) is { } other ? (place, other) : null;
        }
        return Best(truths, logits) is { } truth && BestExcept(truths, logits) is { } competitor ? (truth, competitor) : null;
    }

    IEnumerable<string> Spellings(Question question) => question.Kind switch
    {
        QuestionKind.Open => [],
        QuestionKind.Count => [question.Answers[0], $"{NumberAnswer.Parse(question.Answers[0])}"],
        QuestionKind.Identify => question.Answers.SelectMany(aliases.Spellings).Distinct().Order(StringComparer.Ordinal),
        _ => question.Answers,
    };

    static int? Best(IReadOnlyList<int> ids, ReadOnlySpan<float> logits)
    {
        int? best = null;
        foreach (var id in ids)
            if (best is null || logits[id] > logits[best.Value]) best = id;
        return best;
    }

    static int? BestExcept(int[] ids, ReadOnlySpan<float> logits)
    {
        var best = -1;
        for (var id = 0; id < logits.Length; id++)
            if ((best < 0 || logits[id] > logits[best]) && !ids.Contains(id)) best = id;
        return best < 0 ? null : best;
    }
}
