using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Readers;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Importing;

/// <summary>The programs whose logs are read.</summary>
public enum LogFormat
{
    /// <summary>lmms-eval with <c>--log_samples</c>: <c>DATE_samples_TASK.jsonl</c>.</summary>
    LmmsEval,

    /// <summary>VLMEvalKit's table of predictions, <c>MODEL_DATASET.xlsx</c>, .tsv, .csv or .json.</summary>
    VlmEvalKit,

    /// <summary>Inspect's <c>.eval</c> or <c>.json</c> log.</summary>
    Inspect,
}

/// <summary>Reads logs of other programs.</summary>
public static class LogReader
{
    /// <summary>As on the command line, in the order of <see cref="LogFormat"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["lmms-eval", "vlmevalkit", "inspect"];

    /// <summary>Fields that hold an image's name in one log or another, the most telling first.</summary>
    static readonly string[] imageFields = ["image_source", "image_path", "image_name", "image_file", "file_name", "image_id", "img_id", "image"];

    /// <summary>As <see cref="Names"/> has it.</summary>
    public static string Name(this LogFormat format) => Names[(int)format];

    /// <exception cref="VrpException">The file is missing or not what that program writes.</exception>
    public static ImportedLog Read(LogFormat format, string path) => Checked(path, format switch
    {
        LogFormat.LmmsEval => LmmsEvalLog.Read(path),
        LogFormat.VlmEvalKit => VlmEvalKitLog.Read(path),
        _ => InspectLog.Read(path),
    });

    /// <summary>Several logs of the same questions as one: the first has the answers that are judged, each further one gives every question a sampled
    /// answer.</summary>
    /// <exception cref="VrpException">A question of the first is not in another, or reads differently there.</exception>
    public static ImportedLog WithSamples(ImportedLog log, IReadOnlyList<(string Path, ImportedLog Log)> others)
    {
        if (others.Count == 0) return log;
        var byId = others.Select(other => (other.Path, Answers: other.Log.Answers.ToDictionary(answer => answer.Id, StringComparer.Ordinal))).ToArray();
        return log with
        {
            Temperature = others[0].Log.Temperature ?? log.Temperature, TopP = others[0].Log.TopP ?? log.TopP,
            Answers = [.. log.Answers.Select(answer => answer with
            {
                Samples = [.. byId.Select(other => other.Answers.TryGetValue(answer.Id, out var again) && again.Question == answer.Question ? again.Answer
                    : throw new VrpException($"{other.Path}: question {answer.Id} (\"{answer.Question}\") of the first log is not in it, or reads "
                        + "differently. Sampled answers are logs of the same questions."))],
            })],
        };
    }

    /// <summary>The image's name that a log's row has; null for none, for a whole image in text, and for a list of several.</summary>
    internal static string? Image(JsonRow row)
    {
        foreach (var field in imageFields)
            if (row.Has(field) && row.Json.GetProperty(field) is var value
                && value.ValueKind is System.Text.Json.JsonValueKind.String or System.Text.Json.JsonValueKind.Number
                && value.ToString() is { Length: > 0 and < 260 } name && !name.StartsWith("data:", StringComparison.Ordinal) && name is not "<image>")
                return Path.GetFileName(name.TrimEnd('/')) is { } last && FileDoor.IsPath(last) ? last : null;
        return null;
    }

    /// <summary>The options of a row: a list, or the columns A, B, C ….</summary>
    internal static IReadOnlyList<string> Options(JsonRow row)
    {
        foreach (var field in new[] { "options", "choices" })
            if (row.Has(field) && row.Json.GetProperty(field) is { ValueKind: System.Text.Json.JsonValueKind.Array } list)
                return [.. list.EnumerateArray().Select(option => option.ToString())];
        string[] columns = [.. Enumerable.Range('A', 10).Select(letter => $"{(char)letter}").TakeWhile(row.Has)
            .Select(letter => row.Json.GetProperty(letter).ToString())];
        return columns.Length > 1 ? columns : [];
    }

    static ImportedLog Checked(string path, ImportedLog log)
    {
        if (log.Answers.Count == 0) throw new DatasetException(path, $"holds no answers.{(log.LeftOut.Count > 0 ? $" Left out: {log.LeftOut[0]}" : "")}");
        var twice = log.Answers.GroupBy(answer => answer.Id).Where(same => same.Count() > 1).ToArray();
        return twice.Length == 0 ? log : throw new DatasetException(path, "has the same id more than once. Ids tie answers to questions.",
            [.. twice.SelectMany(same => same.Skip(1).Select(answer => (answer.Row, answer.Id)))]);
    }
}
