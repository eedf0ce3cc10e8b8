using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Reporting;

/// <summary>samples.jsonl by columns, texts by their number: a tenth of what lines would take in the page.</summary>
sealed class QuestionColumns(TextTable texts, Func<string, int?> picture)
{
    public JsonObject Of(IReadOnlyList<QuestionResult> questions)
    {
        JsonArray Column(Func<QuestionResult, JsonNode?> of) => [.. questions.Select(of)];
        string[] scores = [.. questions.SelectMany(question => question.Scores.Keys).Distinct().Order(StringComparer.Ordinal)];
        return new JsonObject
        {
            ["id"] = Column(question => SafeJson.Of(question.Id)),
            ["image"] = Column(question => texts[question.Image]),
            ["picture"] = Column(question => picture(question.Image)),
            ["kind"] = Column(question => texts[question.Kind]),
            ["text"] = Column(question => texts[question.Question]),
            ["gold"] = Column(question => texts[string.Join(" | ", question.Gold)]),
            ["answer"] = Column(question => texts[question.Answer]),
            ["label"] = Column(question => texts[question.Label.Name()]),
            ["why"] = Column(question => texts[AnswerReason.Of(question)]),
            ["split"] = Column(question => texts.Maybe(question.Split)),
            ["cells"] = Column(question => question.Grid.Height * question.Grid.Width),
            ["sampled"] = Column(question => Counts(question.SampledAnswers)),
            ["scores"] = new JsonObject(scores.Select(name => KeyValuePair.Create(name, (JsonNode?)Column(question =>
                question.Scores.TryGetValue(name, out var value) ? SafeJson.Number(value, 4) : null)))),
        };
    }

    /// <summary>Sampled answers as answer, count, answer, count…, the commonest first.</summary>
    JsonArray Counts(IReadOnlyList<string> answers) => [.. answers.GroupBy(answer => answer, StringComparer.Ordinal)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => new JsonNode[] { texts[group.Key], group.Count() })];
}
