using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vrp.Harness.Datasets.Answers;

/// <summary>The label of an answer, as scored against the gold answer. Files have the names in lower case.</summary>
[JsonConverter(typeof(AnswerStatusNames.Converter))]
public enum AnswerStatus
{
    Correct,
    Wrong,

    /// <summary>Says nothing that the rule understands: counts as wrong and is reported apart.</summary>
    Unparsed,

    /// <summary>Only a judgement made elsewhere could tell, and there is none: left out of every figure.</summary>
    Unjudged,
}

/// <summary>Labels as files and reports write them.</summary>
public static class AnswerStatusNames
{
    /// <summary>correct, wrong, unparsed or unjudged.</summary>
    public static string Name(this AnswerStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    /// <summary>Reads and writes the names; another word, or a number, is a JsonException.</summary>
    internal sealed class Converter() : JsonStringEnumConverter<AnswerStatus>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
}
