namespace Vrp.Harness.Datasets;

/// <summary>What makes every later figure wrong if it passes: repeated rows, groups that leak over splits, questions without a name of their own.</summary>
public static class DatasetChecks
{
    /// <summary>All checks of a whole file.</summary>
    public static void Check(string source, IReadOnlyList<Question> questions)
    {
        RefuseRepeats(source, questions, s => (s.Image, s.Text.Trim()), "the same question about the same image",
            s => $"{s.Image} \"{s.Text}\"", "Repeated questions make intervals too narrow: keep one row of each.");
        RefuseRepeats(source, questions, s => s.Id, "the same id", s => s.Id, "Ids tie answers to questions: make them unique.");

        var splits = questions.Where(s => s.Split is not null).GroupBy(s => s.Split!).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        for (var i = 0; i < splits.Count; i++)
            for (var j = 0; j < i; j++)
                EnsureDisjoint(source, [.. splits[j]], splits[j].Key, [.. splits[i]], splits[i].Key);
    }

    /// <summary>Throws when a group has questions on both sides: what is fitted on one would have seen the other.</summary>
    public static void EnsureDisjoint(string source, IReadOnlyList<Question> first, string firstName, IReadOnlyList<Question> second, string secondName)
    {
        var shared = first.Select(s => s.Group).Intersect(second.Select(s => s.Group)).ToHashSet();
        if (shared.Count == 0) return;
        var rows = first.Select(s => (Sample: s, Split: firstName)).Concat(second.Select(s => (Sample: s, Split: secondName)))
            .Where(r => shared.Contains(r.Sample.Group)).OrderBy(r => r.Sample.Row)
            .Select(r => (r.Sample.Row, $"{r.Sample.Id} (group {r.Sample.Group}) in {r.Split}"));
        throw new DatasetException(source,
            $"{shared.Count} group(s) lie on both sides of the split {firstName} | {secondName}; expected none. Move all questions of an image to one side:",
                [.. rows]);
    }

    static void RefuseRepeats<TKey>(string source, IReadOnlyList<Question> questions, Func<Question, TKey> key, string what, Func<Question, string> show,
        string next)
    {
        var repeats = questions.GroupBy(key).Where(g => g.Count() > 1).ToList();
        if (repeats.Count == 0) return;
        var rows = repeats.SelectMany(g => g.Skip(1).Select(s => (s.Row, $"{show(s)} repeats row {g.First().Row}"))).OrderBy(r => r.Row);
        throw new DatasetException(source, $"{what} occurs more than once. {next}", [.. rows]);
    }
}
