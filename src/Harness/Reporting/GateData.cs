using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Gating;
using Vrp.Harness.Running;

namespace Vrp.Harness.Reporting;

/// <summary>The gate's result for the page.</summary>
sealed class GateData(TextTable texts, ImageSheet pictures, IReadOnlyList<ReportSubject> subjects)
{
    public JsonObject Of(GateResult gate) => new()
    {
        ["baseline"] = SafeJson.Of(gate.Baseline), ["candidate"] = SafeJson.Of(gate.Candidate), ["data"] = SafeJson.Of(gate.Data),
        ["questions"] = gate.Questions, ["images"] = gate.Images,
        ["exit"] = (int)gate.Outcome, ["reasons"] = SafeJson.Of(gate.Reasons),
        ["metrics"] = new JsonArray([.. gate.Metrics.Select(Metric)]),
        ["changes"] = new JsonArray([.. gate.VerdictChanges.Select(change => new JsonObject
        {
            ["claim"] = change.Claim, ["before"] = change.Before.ToString(), ["after"] = change.After.ToString(), ["opposite"] = change.IsOpposite,
                ["expected"] = change.Expected,
            ["reason"] = SafeJson.Of(change.Reason),
        })]),
        ["flips"] = new JsonArray([.. gate.Flips.Select(Flip)]),
        ["settings"] = Settings(),
    };

    /// <summary>Facts of run.json that differ between baseline and candidate, as [name, baseline's, candidate's]; null where a folder lacks them.</summary>
    JsonArray? Settings()
    {
        if (subjects is not [{ Folder: { } baseline }, { Folder: { } candidate }] || TracedFacts.Of(baseline) is not { } before
            || TracedFacts.Of(candidate) is not { } after) return null;
        return [.. TracedFacts.Differing(before, after).Select(name => new JsonArray(SafeJson.Of(name), SafeJson.Of(before.GetValueOrDefault(name)),
            SafeJson.Of(after.GetValueOrDefault(name))))];
    }

    static JsonNode Metric(MetricResult metric) => new JsonObject
    {
        ["name"] = SafeJson.Of(metric.Name), ["what"] = SafeJson.Of(metric.What), ["baseline"] = ReportData.Of(metric.Baseline),
        ["candidate"] = ReportData.Of(metric.Candidate),
        ["difference"] = ReportData.Of(metric.Difference), ["margin"] = SafeJson.Number(metric.Margin),
        ["adjustedText"] = metric.AdjustedP is { } p ? NumberText.P(p) : null,
        ["role"] = metric.Role.ToString().ToLowerInvariant(), ["outcome"] = metric.Outcome.ToString(), ["reason"] = SafeJson.Of(metric.Reason),
    };

    JsonNode Flip(Flip flip) => new JsonObject
    {
        ["lost"] = flip.Lost, ["id"] = SafeJson.Of(flip.Candidate.Id), ["kind"] = texts[flip.Candidate.Kind], ["question"] = texts[flip.Candidate.Question],
        ["gold"] = texts[string.Join(" | ", flip.Candidate.Gold)], ["image"] = texts[flip.Candidate.Image],
        ["picture"] = subjects.Select(subject => pictures.Place(subject, flip.Candidate.Image)).FirstOrDefault(place => place is not null),
        ["was"] = Side(flip.Baseline), ["now"] = Side(flip.Candidate),
    };

    JsonArray Side(QuestionResult question) => [texts[question.Answer], texts[question.Label.Name()],
        SafeJson.Number(question.Scores.TryGetValue("first_token_probability", out var value) ? value : null, 4)];
}
