using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Gating;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Configuration;

/// <summary>vrp.json: which models are judged, on which questions, how, and what is expected (docs/configuration.md). Paths in it are relative to its
/// folder.</summary>
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
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>What a file may hold objects of.</summary>
    internal static IReadOnlyList<Type> Records { get; } = [typeof(VrpConfig), typeof(SubjectConfig), typeof(QuestionSet), typeof(TraceOptions),
        typeof(StudyOptions), typeof(SamplingProtocol)];

    /// <summary>The schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Models under test.</summary>
    public required IReadOnlyList<SubjectConfig> Subjects { get; init; }

    /// <summary>Question sets by name.</summary>
    public required IReadOnlyDictionary<string, QuestionSet> Data { get; init; }

    /// <summary>What is recorded of every answer.</summary>
    public TraceOptions Trace { get; init; } = new();

    /// <summary>How much the intervention stage does: full (what verdicts need), quick (a preview, no verdicts of its own) or none.</summary>
    public string Budget { get; init; } = "full";

    /// <summary>The analysis: bootstrap draws, margins of "no effect", thresholds. What is not named keeps the documented protocol.</summary>
    public StudyOptions Protocol { get; init; } = new();

    /// <summary>Largest losses that the gate on upgrades takes as none, by metric; what is not named keeps its default.</summary>
    public IReadOnlyDictionary<string, double> Margins { get; init; } = new Dictionary<string, double>();

    /// <summary>The file of expected verdicts.</summary>
    public string Ledger { get; init; } = "specs/ledger.json";

    /// <summary>Whether a checkpoint <c>org/name</c> that is not in the hub's cache is fetched. Never unasked in CI: there <c>--fetch</c> asks.</summary>
    public bool Fetch { get; init; }

    /// <summary>The file that this was read from.</summary>
    // Not public: the reader would take a setting of this name and drop it in silence.
    internal string Source { get; init; } = "";

    /// <summary>The full path of that file. A method: see above.</summary>
    public string FilePath() => Path.GetFullPath(Source);

    /// <summary>A path of the file, seen from its folder.</summary>
    /// <exception cref="FileException">It is no path.</exception>
    public string At(string path) => FileDoor.Resolve(Path.GetDirectoryName(Path.GetFullPath(Source))!, path, Source);

    /// <summary>The question set of a subject.</summary>
    public string DataOf(SubjectConfig subject) => subject.Data ?? Data.Keys.First();

    /// <summary>The budget; null: no intervention stage.</summary>
    public InterventionBudget? InterventionBudget() => Budget == "none" ? null : Claims.InterventionBudget.Parse(Budget);

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="VrpException">It is missing, no JSON, or says what cannot be: the message names the line.</exception>
    public static VrpConfig Load(string path)
    {
        if (!Path.Exists(path)) throw new VrpException($"{path} is missing. docs/configuration.md shows one.");
        var text = System.Text.Encoding.UTF8.GetString(JsonText.Text(FileDoor.ReadAllBytes(path), path).Span);
        try
        {
            var config = JsonSerializer.Deserialize<VrpConfig>(text, Json) ?? throw new VrpException($"{path}: holds no object.");
            config = config with { Source = path };
            config.Check(text);
            return config;
        }
        catch (JsonException error)
        {
            throw new VrpException(JsonProblems.Line(path, error, Records), error);
        }
    }

    /// <summary>Of runs that are finished: no subjects, no questions, every setting its default.</summary>
    public static VrpConfig Empty { get; } = new() { Subjects = [], Data = new Dictionary<string, QuestionSet>(), Source = FileName };

    /// <summary>The file of <c>VRP_CONFIG</c>, else the nearest vrp.json in a folder or above it.</summary>
    /// <exception cref="VrpException">There is none.</exception>
    public static string Find(string folder) => TryFind(folder)
        ?? throw new VrpException($"no {FileName} in {folder} or above it. Write one (docs/configuration.md), or name it with --config or VRP_CONFIG.");

    /// <summary>The same, or null.</summary>
    public static string? TryFind(string folder)
    {
        if (Environment.GetEnvironmentVariable("VRP_CONFIG") is { Length: > 0 } named) return named;
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, FileName))) return Path.Combine(at.FullName, FileName);
        return null;
    }

    void Check(string text)
    {
        VrpException Wrong(string pointer, string what) => new($"{Source}:{JsonLines.LineOf(text, pointer)}: {what}");
        foreach (var (pointer, name, value) in Numbers(text))
            if (Bounds.Of(name) is { } bound && !bound.Holds(value)) throw Wrong(pointer,
                $"{name} {value.ToString(CultureInfo.InvariantCulture)}: expected {bound}.");
        if (Subjects.Count == 0) throw Wrong("subjects", "no subject: nothing would be judged.");
        if (Data.Count == 0) throw Wrong("data", "no question set.");
        foreach (var (subject, i) in Subjects.Select((subject, i) => (subject, i)))
        {
            if (subject is null) throw Wrong($"subjects/{i}", "null is no subject.");
            if (!IsName(subject.Name) || subject.Name == Ledgers.Ledger.AllSubjects)
                throw Wrong($"subjects/{i}/name", $"\"{TerminalText.Line(subject.Name)}\" is no name for a subject: it names files, and "
                    + $"\"{Ledgers.Ledger.AllSubjects}\" means all of them.");
            if (Subjects.Take(i).Any(other => other.Name == subject.Name)) throw Wrong($"subjects/{i}/name", $"a second subject \"{subject.Name}\".");
            if (subject.Data is null && Data.Count > 1) throw Wrong($"subjects/{i}",
                $"\"{subject.Name}\" has no data, and there are {Data.Count} sets: {string.Join(", ", Data.Keys)}.");
            if (subject.Data is { } data && !Data.ContainsKey(data)) throw Wrong($"subjects/{i}/data",
                $"no question set \"{data}\"; there are {string.Join(", ", Data.Keys)}.");
            if (!ComputePlace.IsDevice(subject.Device)) throw Wrong($"subjects/{i}/device", $"device \"{subject.Device}\": expected cpu, cuda or cuda:N.");
            if (!ComputePlace.IsDtype(subject.Dtype)) throw Wrong($"subjects/{i}/dtype", $"dtype \"{subject.Dtype}\": expected float32, bfloat16 or float16.");
        }

        foreach (var (name, data) in Data)
        {
            if (!IsName(name)) throw Wrong($"data/{name}", $"\"{TerminalText.Line(name)}\" is no name for a question set: it names files.");
            if (data is null || data.Files.Count == 0 || data.Files.Any(string.IsNullOrEmpty)) throw Wrong($"data/{name}/files",
                $"question set \"{name}\" names no file.");
        }

        if (Budget is not ("full" or "quick" or "none")) throw Wrong("budget", $"budget \"{Budget}\": expected full, quick or none.");
        foreach (var (name, margin) in Margins)
        {
            GateMetrics.Get(name, $"{Source}:{JsonLines.LineOf(text, $"margins/{name}")}: margins");
            // All metrics are shares or differences of shares: a larger margin would let everything pass.
            if (margin is not (>= 0 and <= 1)) throw Wrong($"margins/{name}", $"margin {margin.ToString(CultureInfo.InvariantCulture)}: expected 0 to 1.");
        }
    }

    /// <summary>Every number of the file: where it stands, the setting's name, the value.</summary>
    static IEnumerable<(string Pointer, string Name, double Value)> Numbers(string text)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return [.. Walk("", "", document.RootElement)];

        static IEnumerable<(string, string, double)> Walk(string pointer, string name, JsonElement at) => at.ValueKind switch
        {
            JsonValueKind.Object =>
                at.EnumerateObject().SelectMany(each => Walk($"{pointer}{(pointer.Length > 0 ? "/" : "")}{each.Name}", each.Name, each.Value)),
            JsonValueKind.Array => at.EnumerateArray().SelectMany((each, i) => Walk($"{pointer}/{i.ToString(CultureInfo.InvariantCulture)}", "", each)),
            JsonValueKind.Number => [(pointer, name, at.GetDouble())],
            _ => [],
        };
    }

    /// <summary>Names become parts of file names, and stand in outputs.</summary>
    static bool IsName(string name) =>
        name.Trim().Length > 0 && !name.Any(char.IsControl) && name is not ("." or "..") && name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) < 0;
}

/// <summary>A question set, as vrp.json names it: one file or several that are asked as one. All paths are relative to vrp.json.</summary>
public sealed record QuestionSet : DatasetOptions
{
    /// <summary>Question files (docs/datasets.md).</summary>
    public required IReadOnlyList<string> Files { get; init; }
}
