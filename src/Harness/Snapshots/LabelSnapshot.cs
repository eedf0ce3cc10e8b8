using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Snapshots;

/// <summary>Which questions a subject answers right: one line an image, one letter a question (c correct, w wrong, u unparsed, - unjudged), in the data set's
/// order within the image. 3,090 questions are some 16 kB, a changed answer is one changed line in git, and because a hash binds the letters to the questions,
/// a diff names the ids that moved.</summary>
public sealed class LabelSnapshot : ISnapshot
{
    /// <summary>Ids shown in a text; the rest are counted.</summary>
    public const int Shown = 50;

    static readonly (char Letter, AnswerStatus Label)[] letters =
        [('c', AnswerStatus.Correct), ('w', AnswerStatus.Wrong), ('u', AnswerStatus.Unparsed), ('-', AnswerStatus.Unjudged)];

    readonly string subject, data, questions, kernels;
    readonly SortedDictionary<string, string> labels;

    /// <summary>Ids by image, in the letters' order; empty for one that was read back.</summary>
    readonly IReadOnlyDictionary<string, string[]> ids;

    LabelSnapshot(string subject, string data, string questions, string kernels,
        SortedDictionary<string, string> labels, IReadOnlyDictionary<string, string[]> ids) =>
        (this.subject, this.data, this.questions, this.kernels, this.labels, this.ids) = (subject, data, questions, kernels, labels, ids);

    /// <summary>Of a stored study.</summary>
    public static LabelSnapshot Of(StudyResult study, string kernels)
    {
        var groups = study.Questions.GroupBy(question => question.Group).ToArray();
        return new(study.Subject, study.Data, Hash(study.Questions), kernels,
            new(groups.ToDictionary(group => group.Key, group => string.Concat(group.Select(Letter))), StringComparer.Ordinal),
                groups.ToDictionary(group => group.Key, group => group.Select(question => question.Id).ToArray()));
    }

    /// <summary>Questions.</summary>
    public int Count => labels.Values.Sum(line => line.Length);

    int CountOf(char letter) => labels.Values.Sum(line => line.Count(c => c == letter));

    /// <inheritdoc/>
    public string Text => SnapshotText.Of(new Dictionary<string, JsonNode?>
    {
        ["subject"] = subject, ["data"] = data, ["questions"] = questions, ["kernels"] = kernels,
        ["count"] = SnapshotText.Sorted(letters.Select(letter => (letter.Label.Name(), (JsonNode?)CountOf(letter.Letter)))),
    }, "labels", labels.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    /// <summary>The questions that are judged otherwise than in a verified text; null when that text is about other questions, so that letters cannot be
    /// matched.</summary>
    /// <exception cref="SnapshotException">Not a label snapshot; the message does not name the file.</exception>
    public IReadOnlyList<LabelMove>? Moves(string verified) => Moves(Parse(verified));

    /// <inheritdoc/>
    public SnapshotDifferences Differences(string verified, SnapshotRules rules)
    {
        var was = Parse(verified);
        var lines = new List<string>();
        foreach (var (field, before, after) in new[] { ("subject", was.subject, subject), ("data", was.data, data) })
            if (before != after) lines.Add($"{field}: was {before}, is {after}");
        if (Moves(was) is not { } moves)
        {
            lines.Add($"the questions are others: {was.Count} were verified, {Count} came; answers cannot be compared one by one");
            lines.AddRange(Images(was));
            return new(lines, []);
        }

        var allowed = rules.Tolerances.ForLabels(rules.Profile, was.CountOf('c'), was.Count);
        if (moves.Count <= allowed.Value) return new(lines, lines.Count == 0 ? [.. moves.Select(move => $"within what is allowed: {move}")] : []);
        lines.AddRange(Describe(moves, Count));
        lines.Add(FormattableString.Invariant($"allowed: {Math.Floor(allowed.Value)} ({allowed.Rule})"));
        lines.Add(was.kernels == kernels ? $"kernels: {kernels}, as when it was verified" : $"kernels: verified under {was.kernels}; this run under {kernels}");
        return new(lines, []);
    }

    /// <summary>The lines that name what moved, lost answers first.</summary>
    internal static IEnumerable<string> Describe(IReadOnlyList<LabelMove> moves, int count)
    {
        yield return $"questions that moved: {moves.Count} of {count} ({moves.Count(move => move.Lost)} lost, "
            + $"{moves.Count(move => move.Is == AnswerStatus.Correct)} won)";
        foreach (var move in moves.OrderByDescending(move => move.Lost).Take(Shown)) yield return $"  {move}";
        if (moves.Count > Shown) yield return $"  and {moves.Count - Shown} more";
    }

    IReadOnlyList<LabelMove>? Moves(LabelSnapshot was)
    {
        // The hash says that the questions are these: a line that is gone, or a letter too few, is a merge by hand.
        if (was.questions != questions) return null;
        static int LettersOf(LabelSnapshot snapshot, string name) => snapshot.labels.GetValueOrDefault(name)?.Length ?? 0;
        if (was.labels.Keys.Union(labels.Keys).FirstOrDefault(name => LettersOf(was, name) != LettersOf(this, name)) is { } broken)
            throw new SnapshotException($"is damaged: it says that its questions are these {Count}, and has {LettersOf(was, broken)} answers about {broken}; "
                + $"expected {LettersOf(this, broken)}. An unfinished merge? Take it from git again, or accept the received file.");
        return [.. labels.SelectMany(line => line.Value.Select((letter, i) => (line.Key, Index: i, Was: was.labels[line.Key][i], Is: letter)))
            .Where(at => at.Was != at.Is).Select(at => new LabelMove(ids[at.Key][at.Index], Label(at.Was), Label(at.Is)))];
    }

    IEnumerable<string> Images(LabelSnapshot was)
    {
        foreach (var (what, names) in new[]
        {
            ("gone", was.labels.Keys.Except(labels.Keys)), ("new", labels.Keys.Except(was.labels.Keys)),
            ("with another number of questions", labels.Keys.Where(name => was.labels.TryGetValue(name, out var line) && line.Length != labels[name].Length)),
        })
            if (names.Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } found)
                yield return $"images {what}: {found.Length} ({string.Join(", ", found.Take(10))}{(found.Length > 10 ? ", …" : "")})";
    }

    static LabelSnapshot Parse(string text) => SnapshotText.Read(text, root =>
    {
        var labels = new SortedDictionary<string, string>(
            root["labels"]!.AsObject().ToDictionary(pair => pair.Key, pair => SnapshotText.Word(pair.Value, pair.Key)), StringComparer.Ordinal);
        if (labels.Values.SelectMany(line => line).Cast<char?>().FirstOrDefault(c => letters.All(letter => letter.Letter != c)) is { } strange)
            throw new FormatException($"the label '{strange}' is unknown");
        string Field(string name) => SnapshotText.Word(root[name], name);
        return new LabelSnapshot(Field("subject"), Field("data"), Field("questions"), Field("kernels"),
            labels, new Dictionary<string, string[]>());
    });

    /// <summary>Everything that makes a question what it is, in order: a reworded question or a corrected answer is another question.</summary>
    static string Hash(IReadOnlyList<QuestionResult> questions)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var question in questions)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\u001f', [question.Group, question.Id, question.Kind, question.Question, .. question.Gold])
                + "\n"));
        return $"{questions.Count}:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    static char Letter(QuestionResult question) => letters.First(entry => entry.Label == question.Label).Letter;

    static AnswerStatus Label(char letter) => letters.First(entry => entry.Letter == letter).Label;
}

/// <summary>A question whose answer has another label than in the verified file.</summary>
/// <param name="Id">The question's id.</param>
/// <param name="Was">Its label in the verified file.</param>
/// <param name="Is">Its label now.</param>
public sealed record LabelMove(string Id, AnswerStatus Was, AnswerStatus Is)
{
    /// <summary>Was correct, is not.</summary>
    public bool Lost => Was == AnswerStatus.Correct;

    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {Was.Name()} → {Is.Name()}";
}
