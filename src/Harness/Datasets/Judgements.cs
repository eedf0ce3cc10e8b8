using System.Globalization;
using System.Text.Json;
using Vrp.Harness.Datasets.Readers;
using Vrp.Models.Storage;

namespace Vrp.Harness.Datasets;

/// <summary>Verdicts on free answers, made by people or another model and imported from JSON lines: <c>question_id</c> and one of <c>correct</c> (true or
/// false), <c>score</c>, or LLaVA-Bench's <c>tuple</c> [score of the reference, score of the model]. Scores need a threshold. With <c>answer</c> a row holds
/// for exactly that answer; without it, for any.</summary>
public sealed class Judgements
{
    readonly Dictionary<string, List<(string? Answer, bool Correct)>> verdicts = [];

    Judgements(string fingerprint) => Fingerprint = fingerprint;

    /// <summary>SHA-256 of the judgements and of the threshold.</summary>
    public string Fingerprint { get; }

    /// <param name="path">The file.</param>
    /// <param name="threshold">Least score of the model that counts as right; needed where rows hold scores.</param>
    public static Judgements Load(string path, double? threshold = null)
    {
        var rows = JsonRow.ReadFile(path);
        var content = string.Concat(rows.Select(r => r.Json.GetRawText() + "\n")) + threshold?.ToString("R", CultureInfo.InvariantCulture);
        var result = new Judgements(Sha256Hex.Of(content));
        foreach (var row in rows)
        {
            var id = row.Key("question_id");
            var answer = row.TextOrNull("answer");
            if (!result.verdicts.TryGetValue(id, out var list)) result.verdicts[id] = list = [];
            if (list.Any(v => v.Answer is null || answer is null || v.Answer == answer))
                throw new DatasetException(path, "two judgements on the same answer; expected one.", [(row.Number, $"question_id {id}")]);
            list.Add((answer, IsCorrect(row, threshold)));
        }
        return result;
    }

    /// <summary>Verdicts that another program's log holds.</summary>
    internal static Judgements Of(IEnumerable<(string Id, string? Answer, bool Correct)> verdicts)
    {
        var result = new Judgements("");
        foreach (var (id, answer, correct) in verdicts) result.verdicts[id] = [(answer, correct)];
        return result;
    }

    /// <summary>The verdict on this answer, or null where there is none.</summary>
    public bool? Correct(string questionId, string answer)
    {
        if (!verdicts.TryGetValue(questionId, out var list)) return null;
        foreach (var verdict in list)
            if (verdict.Answer is null || verdict.Answer == answer) return verdict.Correct;
        return null;
    }

    static double Finite(JsonRow row, string field, JsonElement number) =>
        number.TryGetDouble(out var value) && double.IsFinite(value) ? value : throw row.Wrong(field, "a finite number");

    static bool IsCorrect(JsonRow row, double? threshold)
    {
        if (row.Has("correct"))
            return row.Json.GetProperty("correct") switch
            {
                { ValueKind: JsonValueKind.True } => true,
                { ValueKind: JsonValueKind.False } => false,
                _ => throw row.Wrong("correct", "true or false"),
            };
        var score = row.Has("score") && row.Json.GetProperty("score") is { ValueKind: JsonValueKind.Number } one ? Finite(row, "score", one)
            : row.Has("tuple") && row.Json.GetProperty("tuple") is { ValueKind: JsonValueKind.Array } both && both.GetArrayLength() == 2
                && both[1].ValueKind == JsonValueKind.Number ? Finite(row, "tuple", both[1])
            : throw row.Wrong("correct", "true or false, or 'score' a number, or 'tuple' two numbers");
        return threshold is { } least ? score >= least
            : throw new DatasetException(row.Source, "holds scores, and nothing says from where on an answer is right. Give a threshold.",
                [(row.Number, row.Json.GetRawText())]);
    }
}
