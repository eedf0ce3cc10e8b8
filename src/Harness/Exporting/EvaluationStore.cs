using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Statistics;
using Vrp.Models.Storage;

namespace Vrp.Harness.Exporting;

/// <summary>
/// A run as Microsoft.Extensions.AI.Evaluation stores results on disk: <c>results/EXECUTION/SCENARIO/ITERATION.json</c>, each a ScenarioRunResult of format
/// version 1 (read: dotnet/extensions,
/// DiskBasedResultStore.cs, ScenarioRunResult.cs, EvaluationMetric.cs), so that <c>dotnet aieval report --path STORE</c> shows it and a history of runs grows
/// by another execution. A scenario a claim, whose
/// metrics are the figures that decided; and a scenario a question kind, whose iterations are the questions that were answered wrong, or all.
/// </summary>
/// <param name="execution">The name of this execution: a folder, and what the report's history is by.</param>
/// <param name="made">The time of the run.</param>
public sealed class EvaluationStore(string execution, DateTime made)
{
    /// <summary>The layout that is written (Defaults.ReportingFormatVersion there).</summary>
    const int FormatVersion = 1;

    static readonly JsonSerializerOptions json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    enum Rating
    {
        Inconclusive,
        Unacceptable,
        Good,
    }

    sealed record Interpretation(Rating Rating, bool Failed, string? Reason);

    [JsonDerivedType(typeof(Numeric), "numeric"), JsonDerivedType(typeof(Text), "string"), JsonDerivedType(typeof(Truth), "boolean")]
    abstract record Metric(string Name, string? Reason, Interpretation? Interpretation)
    {
        public IReadOnlyDictionary<string, string>? Metadata { get; init; }
    }

    sealed record Numeric(string Name, double? Value, string? Reason, Interpretation? Interpretation) : Metric(Name, Reason, Interpretation);

    sealed record Text(string Name, string Value, string? Reason, Interpretation? Interpretation) : Metric(Name, Reason, Interpretation);

    sealed record Truth(string Name, bool Value, string? Reason, Interpretation? Interpretation) : Metric(Name, Reason, Interpretation);

    sealed record Content([property: JsonPropertyName("$type")] string Type, [property: JsonPropertyName("text")] string Words);

    sealed record Message(string Role, IReadOnlyList<Content> Contents);

    sealed record Response(IReadOnlyList<Message> Messages, string ModelId);

    sealed record Evaluated(IReadOnlyDictionary<string, Metric> Metrics);

    sealed record Scenario(string ScenarioName, string IterationName, string ExecutionName, DateTime CreationTime, IReadOnlyList<Message> Messages,
        Response ModelResponse, Evaluated EvaluationResult,
        IReadOnlyList<string> Tags, int FormatVersion);

    /// <summary>Writes the run below a store's folder.</summary>
    /// <param name="folder">The store.</param>
    /// <param name="study">The run.</param>
    /// <param name="expected">Which verdict each claim is expected to have; a claim without an entry is judged neither way.</param>
    /// <param name="questions">Which questions become iterations.</param>
    /// <returns>Files written.</returns>
    public int Write(string folder, StudyResult study, IReadOnlyDictionary<string, Verdict> expected, Func<QuestionResult, bool> questions)
    {
        Scenario[] scenarios = [.. study.Verdicts.Select(verdict => Of(study, verdict, expected.TryGetValue(verdict.Claim, out var known) ? known : null)),
            .. study.Questions.Where(questions).Select(question => Of(study, question))];
        foreach (var scenario in scenarios)
        {
            var at = Path.Combine(folder, "results", scenario.ExecutionName, scenario.ScenarioName);
            Directory.CreateDirectory(at);
            AtomicFile.Write(Path.Combine(at, $"{scenario.IterationName}.json"), stream => JsonSerializer.Serialize(stream, scenario, json));
        }
        return scenarios.Length;
    }

    Scenario Of(StudyResult study, ClaimResult verdict, Verdict? expected)
    {
        var claim = ClaimRegistry.Get(verdict.Claim);
        var rating = verdict.Verdict is Verdict.Inconclusive or Verdict.NotRun ? Rating.Inconclusive : Rating.Good;
        var interpretation = expected is null ? new Interpretation(rating, false, "no verdict is expected")
            : new Interpretation(expected == verdict.Verdict ? rating : Rating.Unacceptable, expected != verdict.Verdict, $"expected {expected}");
        var metrics = new SortedDictionary<string,
            Metric>(StringComparer.Ordinal) { ["Verdict"] = new Text("Verdict", verdict.Verdict.ToString(), verdict.Reason, interpretation) };
        foreach (var row in verdict.Deciding) metrics[row.Name] = new Numeric(row.Name, row.Value, null, null) { Metadata = Facts(row.Estimate) };
        return Make(study, $"{Name(study.Data)}.claims.{verdict.Claim}", study.Subject, $"{claim.Text}\n\nJudged form: {verdict.Judged}", verdict.Reason,
            metrics, [verdict.Verdict.ToString()]);
    }

    Scenario Of(StudyResult study, QuestionResult question)
    {
        var metrics = new SortedDictionary<string, Metric>(StringComparer.Ordinal);
        if (question.IsJudged)
            metrics["Correct"] = new Truth("Correct", question.IsCorrect, $"{question.Label.Name()}; gold: {string.Join(" or ", question.Gold)}",
                new Interpretation(question.IsCorrect ? Rating.Good : Rating.Unacceptable, !question.IsCorrect, null));
        foreach (var (name, score) in question.Scores) metrics[name] = new Numeric(name, score, null, null);
        return Make(study, $"{Name(study.Data)}.questions.{question.Kind}", $"{study.Subject} {question.Id}",
            $"{question.Question}\n\nImage: {question.Image}", question.Answer, metrics, [question.Label.Name()]);
    }

    Scenario Make(StudyResult study, string scenario, string iteration, string asked, string said, IReadOnlyDictionary<string, Metric> metrics,
        IReadOnlyList<string> labels) =>
        new(scenario, Name(iteration), Name(execution), made, [Spoken("user", asked)], new Response([Spoken("assistant", said)], study.Subject),
            new Evaluated(metrics), [study.Subject, .. labels], FormatVersion);

    static Message Spoken(string role, string words) => new(role, [new Content("text", words)]);

    static SortedDictionary<string, string> Facts(Estimate e)
    {
        static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["n"] = $"{e.N}", ["images"] = $"{e.Groups}", ["method"] = e.Method };
        if (e.HasInterval) facts["interval"] = $"{Number(e.Low)} to {Number(e.High)} ({Number(e.Level)})";
        return facts;
    }

    /// <summary>As the store accepts names of files: no separators, no dots at the ends, no blanks around.</summary>
    static string Name(string text)
    {
        var name = string.Concat(text.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ' ' ? c : '_')).Trim('.', ' ');
        return name.Length > 0 ? name : "_";
    }
}
