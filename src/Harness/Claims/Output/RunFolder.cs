using System.Text;
using System.Text.Json;
using Vrp.Harness.Claims.Comparing;
using Vrp.Harness.Running;
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

    const int Schema = 1;

    sealed record MetricsFile(int Schema, string Subject, string Family, int Layers, string Data, IReadOnlyList<StudyEstimate> Estimates);

    sealed record VerdictsFile(int Schema, string Subject, string Family, string Data, IReadOnlyList<ClaimResult> Claims);

    sealed record ComparisonFile(int Schema, IReadOnlyList<ComparedSubject> Subjects, ClaimResult ArchitectureSplit, IReadOnlyList<StudyEstimate> Estimates);

    sealed record ComparedSubject(string Subject, string Family, string Data);

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
    public static string MetricsText(StudyResult result) =>
        Json.RowsByLine(new MetricsFile(Schema, result.Subject, result.Family, result.Layers, result.Data, []), result.Estimates);

    /// <summary>verdicts.json: one claim a line, in the study's order.</summary>
    public static string VerdictsText(StudyResult result) =>
        Json.RowsByLine(new VerdictsFile(Schema, result.Subject, result.Family, result.Data, []), result.Verdicts);

    /// <summary>samples.jsonl.</summary>
    public static string SamplesText(StudyResult result) => string.Concat(result.Samples.Select(sample => JsonSerializer.Serialize(sample, Json.Document) + "\n"));

    /// <summary>A comparison of several run folders: its subjects, architecture-split, and the rows over all of them.</summary>
    public static void WriteComparison(string path, Comparison comparison)
    {
        ComparedSubject[] subjects = [.. comparison.Studies.Select(study => new ComparedSubject(study.Subject, study.Family, study.Data))];
        Put(path, Json.RowsByLine(new ComparisonFile(Schema, subjects, comparison.Split, []), comparison.Estimates));
    }

    /// <summary>Reads a run folder back: what comparison, gate and report start from.</summary>
    /// <exception cref="VrpException">A file is missing or is not what the analysis writes.</exception>
    public static StudyResult Read(string folder)
    {
        string Text(string file)
        {
            var path = Path.Combine(folder, file);
            return File.Exists(path) ? File.ReadAllText(path) : throw new VrpException($"{path} is missing: expected the run folder of a finished `vrp study`. Run `vrp analyze {folder}` first.");
        }

        // All three have to be there before any is parsed: a folder that lacks one is named as such.
        var (metricsText, verdictsText, samplesText) = (Text(Metrics), Text(Verdicts), Text(Samples));
        var metrics = Parse<MetricsFile>(folder, Metrics, metricsText, file => file.Schema);
        var verdicts = Parse<VerdictsFile>(folder, Verdicts, verdictsText, file => file.Schema);
        StudySample[] samples = [.. samplesText.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Parse<StudySample>(folder, Samples, line))];
        return new StudyResult(metrics.Subject, metrics.Family, metrics.Layers, metrics.Data, metrics.Estimates, verdicts.Claims, samples) { Folder = folder };
    }

    static T Parse<T>(string folder, string file, string text, Func<T, int>? schemaOf = null)
    {
        VrpException Wrong(string why, Exception? inner = null) => new($"{Path.Combine(folder, file)} is not what `vrp analyze` writes: {why} Run it again.", inner);
        try
        {
            var parsed = JsonSerializer.Deserialize<T>(text, Json.Document) ?? throw new JsonException("null is no object.");
            return schemaOf is null || schemaOf(parsed) == Schema ? parsed : throw Wrong($"schema {schemaOf(parsed)}; this program reads {Schema}.");
        }
        catch (JsonException error)
        {
            throw Wrong(error.Message, error);
        }
    }

    static void Put(string path, string text) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
