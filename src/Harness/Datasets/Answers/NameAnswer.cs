namespace Vrp.Harness.Datasets.Answers;

/// <summary>The name of one thing: "boat", "A boat.", "It is a small red boat." The first sentence counts, from its last "is" or "are" on; the name has to end
/// it, so that "boat house" is not a boat, and words before it describe it. A denial ("not a boat") names nothing.</summary>
public static class NameAnswer
{
    /// <summary>The accepted name that the answer gives (the first of <paramref name="accepted"/>), else what it says; null when it says nothing.</summary>
    public static string? Parse(string answer, IReadOnlyList<string> accepted, AliasTable aliases)
    {
        var words = AnswerText.Words(AnswerText.FirstSentence(answer)).ToList();
        var verb = words.FindLastIndex(w => w is "is" or "are" or "it's" or "that's" or "there's");
        var said = AnswerText.Plain(string.Join(' ', words.Skip(verb + 1)));
        if (said.Length == 0) return null;
        if (words.Any(w => w is "not" or "no" or "nothing" or "none" || w.EndsWith("n't", StringComparison.Ordinal))) return null;
        foreach (var name in accepted)
            if (aliases.Spellings(name).Any(spelling => EndsWith(said, spelling)))
                return aliases.Canonical(accepted[0]);
        return aliases.Canonical(said);
    }

    static bool EndsWith(string said, string name)
    {
        var length = name.Split(' ').Length;
        var words = said.Split(' ');
        return words.Length >= length && AnswerText.SameButPlural(string.Join(' ', words[^length..]), name);
    }
}
