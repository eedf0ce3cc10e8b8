using System.Text.Json.Nodes;
using Vrp.Harness.Claims;

namespace Vrp.Harness.Reporting;

/// <summary>samples.jsonl by columns, texts by their number: a tenth of what lines would take in the page.</summary>
sealed class SampleColumns(TextTable texts, Func<string, int?> picture)
{
    public JsonObject Of(IReadOnlyList<StudySample> samples)
    {
        JsonArray Column(Func<StudySample, JsonNode?> of) => [.. samples.Select(of)];
        string[] scores = [.. samples.SelectMany(sample => sample.Scores.Keys).Distinct().Order(StringComparer.Ordinal)];
        return new JsonObject
        {
            ["id"] = Column(sample => SafeJson.Of(sample.Id)),
            ["image"] = Column(sample => texts[sample.Image]),
            ["picture"] = Column(sample => picture(sample.Image)),
            ["kind"] = Column(sample => texts[sample.Kind]),
            ["question"] = Column(sample => texts[sample.Question]),
            ["gold"] = Column(sample => texts[string.Join(" | ", sample.Gold)]),
            ["answer"] = Column(sample => texts[sample.Answer]),
            ["label"] = Column(sample => texts[sample.Label]),
            ["why"] = Column(sample => texts[AnswerReason.Of(sample)]),
            ["split"] = Column(sample => texts.Maybe(sample.Split)),
            ["sampled"] = Column(sample => Counts(sample.Samples)),
            ["scores"] = new JsonObject(scores.Select(name => KeyValuePair.Create(name, (JsonNode?)Column(sample =>
                sample.Scores.TryGetValue(name, out var value) ? SafeJson.Number(value, 4) : null)))),
        };
    }

    /// <summary>Sampled answers as answer, count, answer, count…, the commonest first.</summary>
    JsonArray Counts(IReadOnlyList<string> answers) => [.. answers.GroupBy(answer => answer, StringComparer.Ordinal)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => new JsonNode[] { texts[group.Key], group.Count() })];
}
