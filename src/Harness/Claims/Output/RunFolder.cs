using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Harness.Claims.Comparing;
using Vrp.Models;

namespace Vrp.Harness.Claims.Output;

/// <summary>The files of a run folder that the analysis writes, and that snapshots, gate, report and comparison read. Each appears under its name only when it is whole.</summary>
public static class RunFolder
{
    /// <summary>Estimates.</summary>
    public const string Metrics = "metrics.json";

    /// <summary>Verdicts.</summary>
    public const string Verdicts = "verdicts.json";

    /// <summary>One line a sample.</summary>
    public const string Samples = "samples.jsonl";

    /// <summary>Attention maps for the report.</summary>
    public const string Attention = "attention.safetensors";

    /// <summary>Writes metrics, verdicts, samples and attention maps.</summary>
    public static void Write(string folder, StudyResult result)
    {
        Directory.CreateDirectory(folder);
        Put(Path.Combine(folder, Metrics), MetricsText(result));
        Put(Path.Combine(folder, Verdicts), VerdictsText(result));
        Put(Path.Combine(folder, Samples), SamplesText(result));
        AttentionFile.Write(Path.Combine(folder, Attention), result.Maps);
    }

    /// <summary>metrics.json: one estimate a line, sorted, without times.</summary>
    public static string MetricsText(StudyResult result)
    {
        var head = StudyJson.Line(new JsonObject { ["schema"] = 1, ["subject"] = result.Facts.Subject, ["family"] = result.Facts.Family, ["layers"] = result.Facts.Layers, ["data"] = result.Facts.Data });
        return $"{head[..^1]},\"estimates\":[\n{string.Join(",\n", result.Estimates.Select(row => StudyJson.Line(StudyJson.Of(row))))}\n]}}\n";
    }

    /// <summary>verdicts.json: one claim a line, in the catalogue's order.</summary>
    public static string VerdictsText(StudyResult result)
    {
        var head = StudyJson.Line(new JsonObject { ["schema"] = 1, ["subject"] = result.Facts.Subject, ["family"] = result.Facts.Family, ["data"] = result.Facts.Data });
        return $"{head[..^1]},\"claims\":[\n{string.Join(",\n", result.Claims.Select(claim => StudyJson.Line(Verdict(claim))))}\n]}}\n";
    }

    /// <summary>samples.jsonl.</summary>
    public static string SamplesText(StudyResult result) => string.Concat(result.Samples.Select(sample => StudyJson.Line(Line(sample)) + "\n"));

    /// <summary>A comparison of several run folders: its subjects, architecture-split, and the rows over all of them.</summary>
    public static void WriteComparison(string path, Comparison comparison)
    {
        var head = StudyJson.Line(new JsonObject
        {
            ["schema"] = 1,
            ["subjects"] = new JsonArray([.. comparison.Studies.Select(study => new JsonObject { ["subject"] = study.Subject, ["family"] = study.Family, ["data"] = study.Data })]),
            ["architecture_split"] = Verdict(comparison.Split),
        });
        Put(path, $"{head[..^1]},\"estimates\":[\n{string.Join(",\n", comparison.Estimates.Select(row => StudyJson.Line(StudyJson.Of(row))))}\n]}}\n");
    }

    /// <summary>Reads a run folder back: what comparison, gate and report start from.</summary>
    /// <exception cref="VrpException">A file is missing or is not what the analysis writes.</exception>
    public static StoredStudy Read(string folder)
    {
        string Text(string file)
        {
            var path = Path.Combine(folder, file);
            return File.Exists(path) ? File.ReadAllText(path) : throw new VrpException($"{path} is missing: expected the run folder of a finished `vrp study`. Run `vrp analyze {folder}` first.");
        }

        return Parse(folder, Text(Metrics), Text(Verdicts), Text(Samples));
    }

    /// <summary>A result as it would be read back, without files.</summary>
    public static StoredStudy Stored(StudyResult result) => Parse("", MetricsText(result), VerdictsText(result), SamplesText(result));

    static StoredStudy Parse(string folder, string metricsText, string verdictsText, string samplesText)
    {
        var metrics = Parse(folder, Metrics, () => JsonNode.Parse(metricsText)!);
        var estimates = Parse(folder, Metrics, () => metrics["estimates"]!.AsArray().Select(node => StudyJson.Estimate(node!)).ToArray());
        var verdicts = Parse(folder, Verdicts, () => JsonNode.Parse(verdictsText)!["claims"]!.AsArray().Select(node => StoredVerdict(node!)).ToArray());
        var samples = Parse(folder, Samples, () => samplesText.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Sample(JsonNode.Parse(line)!)).ToArray());
        return Parse(folder, Metrics, () => new StoredStudy(folder, (string)metrics["subject"]!, (string)metrics["family"]!, (int)metrics["layers"]!, (string)metrics["data"]!, estimates, verdicts, samples));
    }

    static T Parse<T>(string folder, string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException or FormatException or ArgumentException)
        {
            throw new VrpException($"{Path.Combine(folder, file)} is not what `vrp analyze` writes: {error.Message} Run it again.", error);
        }
    }

    static JsonObject Verdict(ClaimResult result) => new()
    {
        ["claim"] = result.Claim.Id,
        ["verdict"] = result.Verdict.ToString(),
        ["reason"] = result.Reason,
        ["would_settle"] = result.WouldSettle,
        ["published"] = new JsonObject { ["form"] = result.Published.Form, ["outcome"] = result.Published.Word, ["found"] = result.Published.Found },
        ["judged"] = result.Claim.JudgedForm,
        ["deciding"] = new JsonArray([.. result.Deciding.Select(StudyJson.Of)]),
        ["notes"] = StudyJson.Array(result.Notes),
    };

    static StoredVerdict StoredVerdict(JsonNode node) => new((string)node["claim"]!, Enum.Parse<Verdict>((string)node["verdict"]!), (string)node["reason"]!, (string?)node["would_settle"],
        new PublishedOutcome((string)node["published"]!["form"]!, (string)node["published"]!["outcome"]! switch { "holds" => true, "fails" => false, _ => null }, (string)node["published"]!["found"]!),
        [.. node["deciding"]!.AsArray().Select(row => StudyJson.Estimate(row!))], [.. node["notes"]!.AsArray().Select(note => (string)note!)]);

    static JsonObject Line(StudySample sample) => new()
    {
        ["id"] = sample.Id,
        ["image"] = sample.Image,
        ["group"] = sample.Group,
        ["kind"] = sample.Kind,
        ["question"] = sample.Question,
        ["gold"] = StudyJson.Array(sample.Gold),
        ["answer"] = sample.Answer,
        ["label"] = sample.Label,
        ["samples"] = StudyJson.Array(sample.Samples),
        ["scores"] = Numbers(sample.Scores),
        ["split"] = sample.Split,
        ["grid"] = new JsonArray(sample.Grid.Height, sample.Grid.Width),
        ["excess"] = Numbers(sample.Excess),
    };

    static StudySample Sample(JsonNode node) => new()
    {
        Id = (string)node["id"]!,
        Image = (string)node["image"]!,
        Group = (string)node["group"]!,
        Kind = (string)node["kind"]!,
        Question = (string)node["question"]!,
        Gold = Texts(node["gold"]!),
        Answer = (string)node["answer"]!,
        Label = (string)node["label"]!,
        Samples = Texts(node["samples"]!),
        Scores = node["scores"]!.AsObject().ToDictionary(pair => pair.Key, pair => (double)pair.Value!),
        Split = (string?)node["split"],
        Grid = ((int)node["grid"]![0]!, (int)node["grid"]![1]!),
        Excess = node["excess"]!.AsObject().ToDictionary(pair => pair.Key, pair => (double)pair.Value!),
    };

    static string[] Texts(JsonNode node) => [.. node.AsArray().Select(text => (string)text!)];

    static JsonObject Numbers(IReadOnlyDictionary<string, double> values) => new(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value))));

    static void Put(string path, string text)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(temporary, text, new UTF8Encoding(false));
        File.Move(temporary, path, overwrite: true);
    }
}
