using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;
using Vrp.Harness.Claims;
using Vrp.Harness.Exporting;
using Vrp.Harness.Tests.Gating;

namespace Vrp.Harness.Tests.Exporting;

/// <summary>What is exported, read by the evaluation package's own types. Its result store and report are a package that not every feed has: the frame around
/// those types is that of its ScenarioRunResult, field for field.</summary>
public sealed class EvaluationStoreTests : IDisposable
{
    /// <summary>Microsoft.Extensions.AI.Evaluation.Reporting.ScenarioRunResult of format version 1.</summary>
    sealed record Stored(string ScenarioName, string IterationName, string ExecutionName, DateTime CreationTime, IList<ChatMessage> Messages,
        ChatResponse ModelResponse, EvaluationResult EvaluationResult, object? ChatDetails, IList<string>? Tags, int? FormatVersion);

    /// <summary>As its JsonUtilities reads, and a field that no type knows is an error here.</summary>
    static readonly JsonSerializerOptions json = new(AIJsonUtilities.DefaultOptions)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = JsonTypeInfoResolver.Combine(AIJsonUtilities.DefaultOptions.TypeInfoResolver, new DefaultJsonTypeInfoResolver()),
        Converters = { new JsonStringEnumConverter<EvaluationRating>(JsonNamingPolicy.CamelCase) },
    };

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static Stored Read(string path) => JsonSerializer.Deserialize<Stored>(File.ReadAllText(path), json)!;

    [Fact]
    public void Write_Run_IsReadByThePackagesOwnTypes()
    {
        var (made, _) = new MadeUpRun().Build();
        var study = MadeUpRun.With(made, ("logit-lens", Verdict.Refuted), ("fusion", Verdict.NotRun), ("self-consistency", Verdict.Supported));
        var expected = new Dictionary<string, Verdict> { ["logit-lens"] = Verdict.Supported, ["self-consistency"] = Verdict.Supported };
        var time = new DateTime(2026, 8, 1, 12, 0, 0, DateTimeKind.Utc);
        new EvaluationStore("run", time).Write(folder.Path, study, expected, _ => true);

        var all = Directory.GetFiles(folder.Path, "*.json", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(folder.Path, path), Read);
        all.Should().HaveCount(3 + study.Questions.Count);
        foreach (var (path, stored) in all)
            path.Should().Be(Path.Combine("results", stored.ExecutionName, stored.ScenarioName, $"{stored.IterationName}.json"), "the store finds it by name");
        all.Values.Should().OnlyContain(stored => stored.FormatVersion == 1 && stored.CreationTime == time && stored.Messages.Count == 1
            && stored.Messages[0].Role == ChatRole.User && stored.ModelResponse.Messages.Single().Role == ChatRole.Assistant
            && stored.ModelResponse.ModelId == study.Subject && stored.ModelResponse.Text.Length > 0);

        (string?, EvaluationRating, bool) Judged(string claim)
        {
            var metric = all.Values.Single(stored => stored.ScenarioName.EndsWith($".claims.{claim}", StringComparison.Ordinal))
                .EvaluationResult.Get<StringMetric>("Verdict");
            return (metric.Value, metric.Interpretation!.Rating, metric.Interpretation.Failed);
        }
        Judged("logit-lens").Should().Be(("Refuted", EvaluationRating.Unacceptable, true), "Supported is expected");
        Judged("self-consistency").Should().Be(("Supported", EvaluationRating.Good, false));
        Judged("fusion").Should().Be(("NotRun", EvaluationRating.Inconclusive, false), "nothing is expected");

        foreach (var question in study.Questions.Where(question => question.IsJudged))
        {
            var stored = all.Values.Single(one => one.IterationName == $"{study.Subject} {question.Id}");
            stored.EvaluationResult.Get<BooleanMetric>("Correct").Value.Should().Be(question.IsCorrect);
            stored.ModelResponse.Text.Should().Be(question.Answer);
            foreach (var (name, score) in question.Scores) stored.EvaluationResult.Get<NumericMetric>(name).Value.Should().Be(score);
        }
    }
}
