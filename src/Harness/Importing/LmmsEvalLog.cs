using System.Text.Json;
using System.Text.RegularExpressions;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Readers;

namespace Vrp.Harness.Importing;

/// <summary>lmms-eval's samples (<c>--log_samples</c>): a row a question with <c>doc_id</c>, the data set's own row as <c>doc</c>, <c>target</c>,
/// <c>arguments</c> (the prompt), <c>resps</c>, <c>filtered_resps</c> (read: lmms_eval/evaluator.py), and a field per metric. With several answers a question
/// (<c>--repeats</c>) <c>resps</c> holds all of them, and the first filtered one is judged. Likelihood tasks have a pair (log-likelihood, whether greedy) per
/// option: the likeliest option is the answer, and its share of the likelihoods the confidence.</summary>
static partial class LmmsEvalLog
{
    /// <summary>Fields of a row that are no metric.</summary>
    static readonly HashSet<string> own = ["doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "token_counts", "doc_hash", "prompt_hash",
        "target_hash", "input_media"];

    /// <summary>Share of a graded metric (VQA's ten annotators) from which an answer counts as right.</summary>
    const double LeastScore = 0.5;

    public static ImportedLog Read(string path)
    {
        var name = FileName().Match(Path.GetFileName(path));
        var task = name.Success ? name.Groups[1].Value : Path.GetFileNameWithoutExtension(path);
        var model = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)))!;
        return new ImportedLog(model, task, [.. JsonRow.ReadFile(path).Select(Answer)]);
    }

    static ImportedAnswer Answer(JsonRow row)
    {
        if (!row.Has("filtered_resps") && !row.Has("resps"))
            throw new DatasetException(row.Source,
                "is no log of lmms-eval's samples: expected doc_id, doc, target, resps, filtered_resps. Run lmms-eval with --log_samples.",
                    [(row.Number, Fields(row))]);
        var doc = row.Has("doc") && row.Json.GetProperty("doc") is { ValueKind: JsonValueKind.Object } own ? row with { Json = own } : row;
        var options = LogReader.Options(doc);
        var (answer, samples, confidence) = Said(row, options);
        return new ImportedAnswer
        {
            Id = row.Key("doc_id"), Row = row.Number, Image = LogReader.Image(doc), Options = options,
            Question = Question(row, doc), Gold = Gold(row, doc), Answer = answer, Samples = samples, Confidence = confidence, Correct = Correct(row),
        };
    }

    static string Question(JsonRow row, JsonRow doc)
    {
        foreach (var field in new[] { "question", "text", "query", "prompt" })
            if (doc.Has(field) && doc.Json.GetProperty(field) is { ValueKind: JsonValueKind.String } text) return text.GetString()!.Trim();
        return row.Has("arguments") && First(row.Json.GetProperty("arguments")) is { ValueKind: JsonValueKind.String } prompt ? prompt.GetString()!.Trim()
            : throw row.Wrong("doc", "an object with question, text, query or prompt (or the prompt in arguments)");
    }

    static IReadOnlyList<string> Gold(JsonRow row, JsonRow doc)
    {
        foreach (var (from, field) in new[] { (row, "target"), (doc, "answers"), (doc, "answer"), (doc, "label") })
            if (from.Has(field) && from.Json.GetProperty(field) is var value)
                switch (value.ValueKind)
                {
                    case JsonValueKind.String when value.GetString()!.Trim().Length > 0: return [value.GetString()!.Trim()];
                    case JsonValueKind.Number: return [value.GetRawText()];
                    case JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                        return [.. value.EnumerateArray().Select(item => item.GetString()!.Trim()).Where(item => item.Length > 0).Distinct()];
                }
        return [];
    }

    static (string, IReadOnlyList<string>, double?) Said(JsonRow row, IReadOnlyList<string> options)
    {
        JsonElement? filtered = row.Has("filtered_resps") ? row.Json.GetProperty("filtered_resps") : null, all = row.Has("resps")
            ? row.Json.GetProperty("resps") : null;
        if (filtered is { ValueKind: JsonValueKind.Array } pairs && pairs.GetArrayLength() > 1 && pairs.EnumerateArray().All(IsLikelihood))
        {
            if (options.Count > 0 && options.Count != pairs.GetArrayLength()) throw row.Wrong("filtered_resps",
                $"a likelihood for each of the {options.Count} options");
            double[] likelihoods = [.. pairs.EnumerateArray().Select(pair => pair[0].GetDouble())];
            if (!likelihoods.All(double.IsFinite)) throw row.Wrong("filtered_resps", "finite log-likelihoods");
            var most = likelihoods.Max();
            return ($"{(char)('A' + Array.IndexOf(likelihoods, most))}", [], 1 / likelihoods.Sum(likelihood => Math.Exp(likelihood - most)));
        }

        string[] texts = all is { } raw ? [.. Texts(raw)] : [], judged = filtered is { } kept ? [.. Texts(kept)] : texts;
        var answer = judged.Length > 0 ? judged[0] : throw row.Wrong("filtered_resps", "a list with an answer");
        return (answer, texts.Length > 1 ? texts : [], null);
    }

    static bool IsLikelihood(JsonElement pair) => pair is { ValueKind: JsonValueKind.Array } && pair.GetArrayLength() == 2
        && pair[0].ValueKind == JsonValueKind.Number;

    /// <summary>Answers lie in one list or in a list of lists.</summary>
    static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        _ => [],
    };

    static JsonElement First(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? First(value[0]) : value;

    /// <summary>By the first metric of the row that is a number from 0 to 1, true or false, or an object with such a <c>score</c>.</summary>
    static bool? Correct(JsonRow row)
    {
        foreach (var field in row.Json.EnumerateObject().Where(field => !own.Contains(field.Name)))
        {
            var value = field.Value is { ValueKind: JsonValueKind.Object } metric && metric.TryGetProperty("score", out var score) ? score : field.Value;
            if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.ValueKind == JsonValueKind.True;
            if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= 1 and var share) return share >= LeastScore;
        }
        return null;
    }

    internal static string Fields(JsonRow row) => "has " + string.Join(", ", row.Json.EnumerateObject().Select(field => field.Name).Take(12));

    [GeneratedRegex(@"^(?:.*_)?samples_(.+)\.jsonl?$")]
    private static partial Regex FileName();
}
