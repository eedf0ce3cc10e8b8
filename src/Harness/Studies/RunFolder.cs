using System.Text;
using System.Text.Json;
using Vrp.Harness.Claims;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Studies;

/// <summary>The files of a run folder that the analysis writes, and that snapshots, gate, report and comparison read. Each appears under its name only when it
/// is whole.</summary>
public static class RunFolder
{
    /// <summary>Estimates.</summary>
    public const string Metrics = "metrics.json";

    /// <summary>Verdicts.</summary>
    public const string Verdicts = "verdicts.json";

    /// <summary>One line a question.</summary>
    public const string Samples = "samples.jsonl";

    /// <summary>Attention maps for the report.</summary>
    public const string Attention = "attention.safetensors";

    /// <summary>What ties the others together: the SHA-256 of each. Written last.</summary>
    public const string Manifest = "results.json";

    const int Schema = 1;

    sealed record ManifestFile(int Schema, string Subject, string Data, string? Inputs, SortedDictionary<string, string> Sha256);

    sealed record MetricsFile(int Schema, string Subject, string Family, int Layers, string Data, IReadOnlyList<StudyEstimate> Estimates);

    sealed record VerdictsFile(int Schema, string Subject, string Family, string Data, IReadOnlyList<ClaimResult> Claims);

    sealed record ComparisonFile(int Schema, IReadOnlyList<ComparedSubject> Subjects, ClaimResult ArchitectureSplit, IReadOnlyList<StudyEstimate> Estimates);

    sealed record ComparedSubject(string Subject, string Family, string Data);

    /// <summary>Writes metrics, verdicts, questions, attention maps, and the manifest that holds their hashes.</summary>
    /// <exception cref="StoreException">The disk is full or the folder unwritable; what an earlier analysis wrote is left as it was.</exception>
    /// <param name="folder">The run's folder; made where it is not there.</param>
    /// <param name="result">What was found.</param>
    /// <param name="inputs">SHA-256 of everything that the result depends on, for <see cref="TryRead"/>; null where it cannot be known.</param>
    public static void Write(string folder, StudyResult result, string? inputs = null)
    {
        BlockStore.MakeFolder(folder);
        using var maps = new MemoryStream();
        AttentionFile.Write(maps, result.Maps);
        (string Name, byte[] Content)[] files = [(Metrics, Encoding.UTF8.GetBytes(MetricsText(result))),
            (Verdicts, Encoding.UTF8.GetBytes(VerdictsText(result))),
            (Samples, Encoding.UTF8.GetBytes(SamplesText(result))), (Attention, maps.ToArray())];
        var manifest = new ManifestFile(Schema, result.Subject, result.Data, inputs,
            new SortedDictionary<string, string>(files.ToDictionary(file => file.Name, file => Sha256Hex.Of(file.Content)), StringComparer.Ordinal));
        byte[] last = [.. JsonSerializer.SerializeToUtf8Bytes(manifest, Json.IndentedDocument), (byte)'\n'];
        AtomicFile.WriteTogether([.. files.Append((Name: Manifest, Content: last)).Select(file =>
            (Path.Combine(folder, file.Name), (Action<Stream>)(stream => stream.Write(file.Content))))]);
    }

    /// <summary>metrics.json: one estimate a line, sorted, without times.</summary>
    public static string MetricsText(StudyResult result) =>
        Json.RowsByLine(new MetricsFile(Schema, result.Subject, result.Family, result.Layers, result.Data, []), result.Estimates);

    /// <summary>verdicts.json: one claim a line, in the study's order.</summary>
    public static string VerdictsText(StudyResult result) =>
        Json.RowsByLine(new VerdictsFile(Schema, result.Subject, result.Family, result.Data, []), result.Verdicts);

    /// <summary>samples.jsonl.</summary>
    public static string SamplesText(StudyResult result) =>
        string.Concat(result.Questions.Select(question => JsonSerializer.Serialize(question, Json.Document) + "\n"));

    /// <summary>A comparison of several run folders: its subjects, architecture-split, and the rows over all of them.</summary>
    public static void WriteComparison(string path, Comparison comparison)
    {
        ComparedSubject[] subjects = [.. comparison.Studies.Select(study => new ComparedSubject(study.Subject, study.Family, study.Data))];
        AtomicFile.WriteText(path, Json.RowsByLine(new ComparisonFile(Schema, subjects, comparison.Split, []), comparison.Estimates));
    }

    /// <summary>Reads a run folder back: what comparison, gate and report start from. Every file is held against the manifest, so that a mixture of two
    /// analyses (a kill or a full disk between two files), an edited number or a flipped bit is refused. The attention maps alone may be absent: they are the
    /// bulk, and a report says that they are.</summary>
    /// <exception cref="VrpException">A file is missing, is not what the analysis writes, or is not of the same analysis as the others.</exception>
    public static StudyResult Read(string folder) => Read(folder, out _);

    /// <summary>The result of an earlier analysis of exactly these inputs; null where the folder holds none, or not all of it as it was written: then it is
    /// computed anew.</summary>
    public static StudyResult? TryRead(string folder, string inputs)
    {
        // A folder without its maps is complete for a reader and not for an analysis, which writes them.
        if (!File.Exists(Path.Combine(folder, Manifest)) || !File.Exists(Path.Combine(folder, Attention))) return null;
        try
        {
            var result = Read(folder, out var stored);
            return stored == inputs ? result : null;
        }
        catch (VrpException)
        {
            return null;
        }
    }

    static StudyResult Read(string folder, out string? inputs)
    {
        byte[]? Content(string file)
        {
            var path = Path.Combine(folder, file);
            return File.Exists(path) ? FileDoor.ReadAllBytes(path) : null;
        }

        if (!Directory.Exists(folder)) throw new VrpException($"{folder}: no such folder; expected the run folder of a finished `vrp study`.");
        // All of them have to be there before any is parsed: a folder that lacks one is named as such.
        var contents = new[] { Metrics, Verdicts, Samples, Attention, Manifest }.ToDictionary(file => file, Content);
        if (contents.FirstOrDefault(one => one.Value is null && one.Key != Attention).Key is { } missing)
            throw new VrpException($"{Path.Combine(folder, missing)} is missing: expected the run folder of a finished `vrp study`. Run `vrp analyze "
                + $"{folder}` first.");
        var manifest = Parse<ManifestFile>(folder, Manifest, contents[Manifest], file => file.Schema);
        foreach (var (file, content) in contents.Where(one => one.Key != Manifest && one.Value is not null))
            if (manifest.Sha256.GetValueOrDefault(file) != Sha256Hex.Of(content!))
                throw new VrpException($"{Path.Combine(folder, file)} is not the one that {Manifest} names: it was changed afterwards, or is of another "
                    + "analysis. Run `vrp analyze` again.");
        inputs = manifest.Inputs;
        var metrics = Parse<MetricsFile>(folder, Metrics, contents[Metrics], file => file.Schema);
        var verdicts = Parse<VerdictsFile>(folder, Verdicts, contents[Verdicts], file => file.Schema);
        QuestionResult[] questions = [.. JsonText.Lines(contents[Samples])
            .Select(line => Parse<QuestionResult>(folder, Samples, line.Json, firstLine: line.Number))];
        return new StudyResult(metrics.Subject, metrics.Family, metrics.Layers, metrics.Data, metrics.Estimates, verdicts.Claims,
            questions) { Folder = folder };
    }

    static T Parse<T>(string folder, string file, ReadOnlyMemory<byte> text, Func<T, int>? schemaOf = null, int firstLine = 1)
    {
        VrpException Wrong(string why, Exception? inner = null) =>
            new($"{Path.Combine(folder, file)} is not what `vrp analyze` writes: {why} Run it again.", inner);
        try
        {
            var parsed = JsonText.Parse<T>(text, file, Json.Document, firstLine);
            return schemaOf is null || schemaOf(parsed) == Schema ? parsed : throw Wrong($"schema {schemaOf(parsed)}; this program reads {Schema}.");
        }
        catch (JsonTextException error)
        {
            throw Wrong($"{(error.Line is { } line ? $"line {line}: " : "")}{error.Problem}", error);
        }
    }
}
