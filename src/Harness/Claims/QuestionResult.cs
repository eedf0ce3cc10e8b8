using System.Text.Json;
using System.Text.Json.Serialization;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;
using Vrp.Models;
using Vrp.Models.Hooks;

namespace Vrp.Harness.Claims;

/// <summary>One line of samples.jsonl.</summary>
public sealed record QuestionResult
{
    public required string Id { get; init; }

    public required string Image { get; init; }

    public required string Group { get; init; }

    public required string Kind { get; init; }

    public required string Question { get; init; }

    public required IReadOnlyList<string> Gold { get; init; }

    /// <summary>The greedy answer.</summary>
    public required string Answer { get; init; }

    /// <summary>How the greedy answer was scored.</summary>
    public required AnswerStatus Label { get; init; }

    /// <summary>The K sampled answers.</summary>
    [JsonPropertyName("samples")]
    public required IReadOnlyList<string> SampledAnswers { get; init; }

    /// <summary>Signals by name; those of probe and fusion only on the scored half. What could not be computed is absent.</summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }

    /// <summary>"fit", "score", or null where there is no split.</summary>
    public string? Split { get; init; }

    /// <summary>Rows and columns of the grid of image tokens.</summary>
    [JsonConverter(typeof(GridConverter))]
    public required (int Height, int Width) Grid { get; init; }

    /// <summary>Top minus random units over doses up to 5 % of the layer at the study's depth, by positions ("all", "last"): what families are compared by.
    /// Absent without ablation.</summary>
    public IReadOnlyDictionary<string, double> Excess { get; init; } = new Dictionary<string, double>();

    /// <summary>Right; an answer that does not parse is wrong.</summary>
    [JsonIgnore]
    public bool IsCorrect => Label == AnswerStatus.Correct;

    /// <summary>Whether the answer could be judged right or wrong.</summary>
    [JsonIgnore]
    public bool IsJudged => Label != AnswerStatus.Unjudged;

    /// <summary>[rows, columns].</summary>
    sealed class GridConverter : JsonConverter<(int Height, int Width)>
    {
        public override (int Height, int Width) Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<int[]>(ref reader, options) is [var height, var width] ? (height, width)
                : throw new JsonException("a grid is [rows, columns].");

        public override void Write(Utf8JsonWriter writer, (int Height, int Width) value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.Height);
            writer.WriteNumberValue(value.Width);
            writer.WriteEndArray();
        }
    }
}

/// <summary>One question's attention map for the report.</summary>
/// <param name="Id">The question.</param>
/// <param name="Height">Grid rows.</param>
/// <param name="Width">Grid columns.</param>
/// <param name="Mass">Row-major, sum 1.</param>
public sealed record QuestionMap(string Id, int Height, int Width, double[] Mass);

/// <summary>Writes the study's per-question lines: answers, labels, and every signal that could be computed.</summary>
static class QuestionResults
{
    public static IReadOnlyList<QuestionResult> Of(StudyContext study)
    {
        // A signal that cannot be computed is absent here; the claim that needs it says why.
        var signals = new List<Signal>();
        Attempt(() => signals.AddRange(study.Behaviour.SinglePass));
        Attempt(() => signals.Add(study.SelfConsistency));
        Attempt(() => signals.Add(study.ExpectedSelfConsistency));
        Attempt(() =>
        {
            var attention = study.Attention;
            signals.Add(Signal.Of("attention_entropy", study.Rows, row => attention[row].Features.Entropy));
            signals.Add(Signal.Of("k_dbscan", study.Rows, row => attention[row].Features.KDbscan));
            signals.Add(Signal.Of("k_components", study.Rows, row => attention[row].Features.KComponents));
            signals.Add(Signal.Of("image_mass", study.Rows, row => attention[row].Features.ImageMass));
        });
        Attempt(() => signals.Add(study.Probe.HeldOut));
        Attempt(() => signals.Add(study.Fusion.HeldOut));
        var split = false;
        Attempt(() => split = study.Rows.Split is not null);
        var excess = Excess(study);
        signals.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return [.. study.All.Select(row => new QuestionResult
        {
            Id = row.Id,
            Image = row.Record.Question.Image,
            Group = row.Image,
            Kind = row.Kind.Name(),
            Question = row.Record.Question.Text,
            Gold = row.Record.Question.Answers,
            Answer = row.Record.Answer,
            Label = row.Answer.Status,
            SampledAnswers = [.. row.Record.SampledAnswers.Select(sample => sample.Text)],
            Scores = signals.Where(signal => signal.Knows(row)).ToDictionary(signal => signal.Name, signal => signal[row]),
            Split = split && row.IsJudged ? study.IsFitting(row) ? "fit" : "score" : null,
            Grid = (row.Record.GridHeight, row.Record.GridWidth),
            Excess = excess.TryGetValue(row.Id, out var own) ? own : new Dictionary<string, double>(),
        })];
    }

    public static IReadOnlyList<QuestionMap> Maps(StudyContext study)
    {
        IReadOnlyList<QuestionMap> maps = [];
        Attempt(() =>
        {
            var attention = study.Attention;
            maps = [.. study.Rows.Select(row => (row.Id, attention[row].Map))
                .Select(row => new QuestionMap(row.Id, row.Map.Height, row.Map.Width, row.Map.Mass.ToArray()))];
        });
        return maps;
    }

    static Dictionary<string, IReadOnlyDictionary<string, double>> Excess(StudyContext study)
    {
        var excess = new Dictionary<string, IReadOnlyDictionary<string, double>>();
        Attempt(() =>
        {
            var doses = new DoseTable(study);
            var curves = new[] { Positions.All, Positions.Last }
                .Select(positions => (Name: positions.ToString().ToLowerInvariant(),
                    Values: doses.MeanExcess(doses.StudyLayer, positions))).Where(curve => curve.Values is not null).ToArray();
            for (var i = 0; i < doses.Arms.Questions.Count; i++)
                excess[doses.Arms.Questions[i].Id] = new SortedDictionary<string,
                    double>(curves.ToDictionary(curve => curve.Name, curve => curve.Values![i]), StringComparer.Ordinal);
        });
        return excess;
    }

    static void Attempt(Action put)
    {
        try
        {
            put();
        }
        catch (VrpException error) when (error is NotRunException or StatisticsException and not (DuplicateRowException or GroupLeakException))
        {
            // Not swallowed: the claims that use this signal met the same error and are NotRun by it.
        }
    }
}
