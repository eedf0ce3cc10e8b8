using System.Text.Json;
using System.Text.Json.Serialization;
using Vrp.Harness.Datasets.Answers;

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

    /// <summary>Whether anything could tell right from wrong.</summary>
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
