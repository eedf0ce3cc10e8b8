using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Output;

/// <summary>How the run folder writes JSON: compact, UTF-8 as it is, '\n', shortest round-trip numbers. The same values give the same bytes on every machine.</summary>
static class StudyJson
{
    // Answers and questions stay readable: these files are data, the report escapes for HTML.
    static readonly JsonSerializerOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Line(JsonNode node) => node.ToJsonString(options);

    public static JsonObject Of(StudyEstimate row) => new()
    {
        ["claim"] = row.Claim,
        ["measure"] = row.Measure,
        ["kind"] = row.Kind,
        ["layer"] = row.Layer,
        ["arm"] = row.Arm,
        ["value"] = row.Estimate.Value,
        ["low"] = row.Estimate.HasInterval ? row.Estimate.Low : null,
        ["high"] = row.Estimate.HasInterval ? row.Estimate.High : null,
        ["level"] = row.Estimate.HasInterval ? row.Estimate.Level : null,
        ["n"] = row.Estimate.N,
        ["groups"] = row.Estimate.Groups,
        ["method"] = row.Estimate.Method,
        ["seed"] = row.Estimate.Seed,
    };

    public static StudyEstimate Estimate(JsonNode node)
    {
        var value = (double)node["value"]!;
        return new StudyEstimate((string)node["claim"]!, (string)node["measure"]!, (string)node["kind"]!, (int?)node["layer"], (string?)node["arm"],
            new Estimate(value, (double?)node["low"] ?? value, (double?)node["high"] ?? value, (double?)node["level"] ?? 0, (int)node["n"]!, (int)node["groups"]!, (string)node["method"]!, (ulong?)node["seed"]));
    }

    public static JsonArray Array<T>(IEnumerable<T> values) => [.. values.Select(value => JsonValue.Create(value))];
}
