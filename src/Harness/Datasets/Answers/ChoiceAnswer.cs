using System.Text.RegularExpressions;

namespace Vrp.Harness.Datasets.Answers;

/// <summary>One of several options: its letter ("B", "(b)", "B. a dog", "The answer is B."), or its text and nothing else ("A dog."). A letter that is no
/// option, two different letters, and the text of no option or of two say nothing. A word that happens to be a letter is none: "A dog" is the text "dog" and
/// not the letter A.</summary>
public static partial class ChoiceAnswer
{
    /// <summary>The last letter that an option may have.</summary>
    public const char LastLetter = 'J';

    /// <summary>A, B, C ….</summary>
    public static IReadOnlyList<string> Letters { get; } = [.. Enumerable.Range(0, LastLetter - 'A' + 1).Select(Letter)];

    /// <summary>The question as a model is shown it: the options on lines of their own, and what to answer with (LLaVA-1.5's wording for such
    /// questions).</summary>
    public static string Ask(string question, IReadOnlyList<string> options) =>
        $"{List(question, options)}\nAnswer with the option's letter from the given choices directly.";

    /// <summary>The question and its options on lines of their own, without saying what to answer with.</summary>
    public static string List(string question, IReadOnlyList<string> options) =>
        $"{question}\n{string.Join('\n', options.Select((option, i) => $"{Letter(i)}. {option}"))}";

    /// <summary>The options of a question that <see cref="Ask"/> put together; empty where there are none.</summary>
    public static IReadOnlyList<string> OptionsOf(string asked) =>
        [.. asked.Split('\n').SkipWhile(line => !line.StartsWith("A. ", StringComparison.Ordinal))
            .TakeWhile((line, i) => line.StartsWith($"{Letter(i)}. ", StringComparison.Ordinal)).Select(line => line[3..])];

    /// <summary>The letter that the answer chooses, in capitals; null when unparsed.</summary>
    /// <param name="answer">What the model said.</param>
    /// <param name="options">The options' texts, A first.</param>
    public static string? Parse(string answer, IReadOnlyList<string> options)
    {
        var text = answer.Trim().Trim('*', '"', '\'', '`').Trim();
        char[] letters = [.. Named(text).Select(char.ToUpperInvariant).Distinct()];
        if (letters.Length > 0) return letters is [var letter] && letter - 'A' < options.Count ? $"{letter}" : null;
        var plain = AnswerText.Plain(AnswerText.FirstSentence(text));
        int[] same = [.. Enumerable.Range(0, options.Count).Where(i => plain.Length > 0 && AnswerText.Plain(options[i]) == plain)];
        return same is [var only] ? Letter(only) : null;
    }

    static IEnumerable<char> Named(string text)
    {
        if (Alone().Match(text) is { Success: true } alone) return [alone.Groups[1].Value[0]];
        return [.. First().Matches(text).Concat(Stated().Matches(text)).Select(match => match.Groups[1].Value[0])];
    }

    static string Letter(int option) => $"{(char)('A' + option)}";

    /// <summary>The letter is all there is: "b", "(B)", "B.".</summary>
    [GeneratedRegex(@"^[(\[]?([A-Ja-j])[)\].:,]?$")]
    private static partial Regex Alone();

    /// <summary>It begins the answer and is set off from what follows: "B. a dog", "(B) a dog", "B: a dog", "B - a dog", or a line of its own.</summary>
    [GeneratedRegex(@"^\(?([A-J])(?:[).:,]|\s+-|\s*\n)")]
    private static partial Regex First();

    /// <summary>It is said to be the answer: "the answer is B", "Answer: (B)", "the correct option is B", "option B is right".</summary>
    [GeneratedRegex(@"(?:\b[Aa]nswer(?:\s+is)?:?|\b(?:[Oo]ption|[Cc]hoice)(?:\s+is)?:?)\s+[(*""']*([A-J])(?![A-Za-z'])(?!\s+[a-z]+\s*[.!]?$)")]
    private static partial Regex Stated();
}
