using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Reporting;

/// <summary>run.json of a subject, as the page shows it: sections of names and values, and beside them what a question cost.</summary>
static class RunFacts
{
    /// <summary>{ sections: [{ name, rows: [[name, value]…], costs: [[name, value]…] }…], missing: why there is none or null }.</summary>
    /// <exception cref="VrpException">A damaged file.</exception>
    public static JsonObject Of(ReportSubject subject)
    {
        if (subject.Folder is null) return Missing("no run folder was given");
        var path = Path.Combine(subject.Folder, "run.json");
        if (!File.Exists(path)) return Missing("run.json is not in the run folder");
        try
        {
            var root = JsonText.Node(FileDoor.ReadAllBytes(path), path) as JsonObject ?? throw new FormatException("it holds no object.");
            return new JsonObject
            {
                ["missing"] = null,
                ["sections"] = new JsonArray([.. root.Select(section => new JsonObject
                {
                    ["name"] = SafeJson.Of(section.Key),
                    ["rows"] = new JsonArray([.. Flat(section.Value, "").Select(Pair)]),
                    ["costs"] = new JsonArray([.. Costs(section.Value).Select(Pair)]),
                })]),
            };
        }
        catch (Exception error) when (error is FileException or InvalidOperationException or FormatException)
        {
            throw new VrpException($"{path} is damaged: {error.Message} Run the study again, or delete the file: the report then says that it is missing.",
                error);
        }
    }

    static JsonObject Missing(string why) => new() { ["missing"] = why, ["sections"] = new JsonArray() };

    static JsonArray Pair((string Name, string Value) pair) => [SafeJson.Of(pair.Name), SafeJson.Of(pair.Value)];

    static IEnumerable<(string Name, string Value)> Flat(JsonNode? node, string prefix)
    {
        string Under(string name) => prefix.Length == 0 ? name : $"{prefix} / {name}";
        return node switch
        {
            JsonObject inner => inner.SelectMany(each => Flat(each.Value, Under(each.Key))),
            JsonArray list when list.All(item => item is JsonValue) => [(prefix, string.Join(", ", list.Select(item => item!.ToString())))],
            JsonArray list => list.SelectMany((item, i) => Flat(item, Under($"{i}"))),
            _ => [(prefix, node?.ToString() ?? "null")],
        };
    }

    /// <summary>Forwards and bytes per question and seconds, of a stage's section.</summary>
    static IEnumerable<(string Name, string Value)> Costs(JsonNode? section)
    {
        if (section is not JsonObject stage || stage["summary"] is not JsonObject summary || (long?)summary["samples"] is not > 0) yield break;
        double samples = (long)summary["samples"]!;
        yield return ("questions", FormattableString.Invariant($"{samples:N0}, {(long?)summary["computed"] ?? 0:N0} of them computed by the last run"));
        foreach (var (field, name) in new[] { ("images", "vision encodings per question"), ("prompts", "prefills per question"),
            ("decoded_tokens", "decoded tokens per question") })
            if ((double?)summary["passes"]?[field] is { } count) yield return (name, FormattableString.Invariant($"{count / samples:0.00}"));
        if ((double?)summary["bytes"] is { } bytes) yield return ("stored per question", FormattableString.Invariant($"{bytes / samples / 1024:0.0} KiB"));
        if ((double?)summary["seconds"] is { } seconds) yield return ("time of the last run", FormattableString.Invariant($"{seconds:0.0} s"));
    }
}
