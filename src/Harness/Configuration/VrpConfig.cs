using System.Text.Json;
using System.Text.Json.Serialization;
using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Planning;
using Vrp.Models;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Configuration;

/// <summary>vrp.json: which models are judged, on which questions, how, and what is expected (docs/configuration.md). Paths in it are relative to its folder.</summary>
public sealed record VrpConfig
{
    /// <summary>The file's usual name.</summary>
    public const string FileName = "vrp.json";

    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>For editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Models under test.</summary>
    public required IReadOnlyList<SubjectConfig> Subjects { get; init; }

    /// <summary>Question sets by name.</summary>
    public required IReadOnlyDictionary<string, DataConfig> Data { get; init; }

    /// <summary>What is recorded.</summary>
    public TraceConfig Trace { get; init; } = new();

    /// <summary>full, quick or none: how much the intervention stage does.</summary>
    public string Budget { get; init; } = "full";

    /// <summary>The analysis: bootstrap draws, margins of "no effect", thresholds. What is not named keeps the documented protocol.</summary>
    public StudyOptions Protocol { get; init; } = new();

    /// <summary>Largest losses that the gate on upgrades takes as none, by metric; what is not named keeps its default.</summary>
    public IReadOnlyDictionary<string, double> Margins { get; init; } = new Dictionary<string, double>();

    /// <summary>The expected verdicts.</summary>
    public string Ledger { get; init; } = "specs/ledger.json";

    /// <summary>The file that this was read from.</summary>
    [JsonIgnore]
    public string Source { get; init; } = "";

    /// <summary>A path of the file, seen from its folder.</summary>
    public string At(string path) => Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(Source))!);

    /// <summary>The question set of a subject.</summary>
    public string DataOf(SubjectConfig subject) => subject.Data ?? Data.Keys.First();

    /// <summary>The budget; null: no intervention stage.</summary>
    public InterventionBudget? InterventionBudget() => Budget == "none" ? null : Claims.Planning.InterventionBudget.Parse(Budget);

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="VrpException">It is missing, no JSON, or says what cannot be: the message names the line.</exception>
    public static VrpConfig Load(string path)
    {
        if (!File.Exists(path)) throw new VrpException($"{path} is missing. docs/configuration.md shows one.");
        var text = File.ReadAllText(path);
        try
        {
            var config = JsonSerializer.Deserialize<VrpConfig>(text, Json) ?? throw new VrpException($"{path}: holds no object.");
            config = config with { Source = path };
            config.Check(text);
            return config;
        }
        catch (JsonException error)
        {
            throw new VrpException($"{path}:{(error.LineNumber ?? 0) + 1}: {Explain(error)}", error);
        }
    }

    /// <summary>The file of <c>VRP_CONFIG</c>, else the nearest vrp.json in a folder or above it.</summary>
    public static string Find(string folder)
    {
        if (Environment.GetEnvironmentVariable("VRP_CONFIG") is { Length: > 0 } named) return named;
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, FileName))) return Path.Combine(at.FullName, FileName);
        throw new VrpException($"no {FileName} in {folder} or above it. Write one (docs/configuration.md), or name it with --config or VRP_CONFIG.");
    }

    void Check(string text)
    {
        VrpException Wrong(string pointer, string what) => new($"{Source}:{JsonLines.LineOf(text, pointer)}: {what}");
        if (Subjects.Count == 0) throw Wrong("subjects", "no subject: nothing would be judged.");
        if (Data.Count == 0) throw Wrong("data", "no question set.");
        foreach (var (subject, i) in Subjects.Select((subject, i) => (subject, i)))
        {
            if (subject.Name.Length == 0 || subject.Name == Ledgers.Ledger.AllSubjects || subject.Name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars().AsSpan()) >= 0)
                throw Wrong($"subjects/{i}/name", $"\"{subject.Name}\" is no name for a subject: it names files, and \"{Ledgers.Ledger.AllSubjects}\" means all of them.");
            if (Subjects.Take(i).Any(other => other.Name == subject.Name)) throw Wrong($"subjects/{i}/name", $"a second subject \"{subject.Name}\".");
            if (subject.Data is null && Data.Count > 1) throw Wrong($"subjects/{i}", $"\"{subject.Name}\" has no data, and there are {Data.Count} sets: {string.Join(", ", Data.Keys)}.");
            if (subject.Data is { } data && !Data.ContainsKey(data)) throw Wrong($"subjects/{i}/data", $"no question set \"{data}\"; there are {string.Join(", ", Data.Keys)}.");
            if (subject.Block < 1 || subject.Rows < 1) throw Wrong($"subjects/{i}", $"\"{subject.Name}\": block and rows are at least 1.");
        }

        foreach (var (name, data) in Data)
            if (data.Files.Count == 0) throw Wrong($"data/{name}/files", $"question set \"{name}\" names no file.");
        if (Budget is not ("full" or "quick" or "none")) throw Wrong("budget", $"budget \"{Budget}\": expected full, quick or none.");
        if (Trace.K < 0 || Trace.MaxNewTokens < 1) throw Wrong("trace", "k is at least 0 and max_new_tokens at least 1.");
        foreach (var (name, margin) in Margins)
            if (!(margin >= 0)) throw Wrong($"margins/{name}", $"margin {margin}: expected 0 or more.");
    }

    static string Explain(JsonException error)
    {
        // "The JSON property 'x' could not be mapped to any .NET member contained in type 'Vrp.….SubjectConfig'."
        var parts = error.Message.Split('\'');
        if (!error.Message.Contains("could not be mapped", StringComparison.Ordinal) || parts.Length < 4) return error.Message.Split(" Path:")[0];
        string[] known = [.. new[] { typeof(VrpConfig), typeof(SubjectConfig), typeof(DataConfig), typeof(TraceConfig), typeof(StudyOptions) }
            .Where(type => type.FullName == parts[3]).SelectMany(type => type.GetProperties()).Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))];
        return $"unknown setting \"{parts[1]}\"{(NearNames.Closest(parts[1], known) is { } near ? $"; did you mean \"{near}\"?" : $"; known here: {string.Join(", ", known)}.")}";
    }
}
