namespace Vrp.Harness.Datasets.Answers;

/// <summary>The objects that a description names: whole words or phrases, plurals and aliases included. "No boat" and "without a boat" name none.</summary>
public static class ObjectListAnswer
{
    /// <summary>Those of <paramref name="known"/> that are named, in their order.</summary>
    public static IReadOnlyList<string> Parse(string answer, IEnumerable<string> known, AliasTable aliases)
    {
        var words = AnswerText.Words(answer);
        return [.. known.Where(name => aliases.Spellings(name).Any(spelling => Names(words, spelling.Split(' '))))];
    }

    static bool Names(IReadOnlyList<string> words, string[] phrase)
    {
        for (var i = 0; i + phrase.Length <= words.Count; i++)
        {
            var same = true;
            for (var k = 0; k < phrase.Length && same; k++)
                same = k == phrase.Length - 1 ? AnswerText.SameButPlural(words[i + k], phrase[k]) : words[i + k] == phrase[k];
            if (same && !Denied(words, i)) return true;
        }
        return false;
    }

    /// <summary>Whether the words just before, an article and "any" left aside, deny what follows.</summary>
    static bool Denied(IReadOnlyList<string> words, int at)
    {
        var before = at - 1;
        while (before >= 0 && words[before] is "a" or "an" or "the" or "any") before--;
        return before >= 0 && (words[before] is "no" or "not" or "without" || words[before].EndsWith("n't", StringComparison.Ordinal));
    }
}
