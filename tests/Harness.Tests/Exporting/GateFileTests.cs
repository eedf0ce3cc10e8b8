using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Exporting;
using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Tests.Gating;

namespace Vrp.Harness.Tests.Exporting;

/// <summary>vrp gate --json: what is written is what docs/gate.schema.json says.</summary>
public sealed class GateFileTests : IDisposable
{
    static readonly JsonNode schema = JsonNode.Parse(File.ReadAllText(Fixtures.At("..", "docs", "gate.schema.json")))!;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_AnUpgrade_FollowsTheSchemaAndHasTheGatesWords()
    {
        var (before, after) = new MadeUpRun { Accuracy = (0.85, 0.6) }.Build();
        var result = Gate.Compare(MadeUpRun.With(before, ("fusion", Verdict.Supported)), MadeUpRun.With(after, ("fusion", Verdict.Refuted)));
        GateFile.Write(folder.At("new/gate.json"), result);
        var root = Read("new/gate.json");
        ShouldFollow(root, schema, "");
        (root["question"]!.GetValue<string>(), root["outcome"]!.GetValue<string>(), root["exit_code"]!.GetValue<int>()).Should()
            .Be(("upgrade", "regression", 1));
        var accuracy = root["metrics"]!.AsArray().Single(metric => metric!["name"]!.GetValue<string>() == "accuracy")!;
        accuracy["difference"]!["value"]!.GetValue<double>().Should().Be(result.Metrics[0].Difference!.Value);
        root["flips"]!.AsArray().Should().HaveCount(result.Flips.Count);
        root["verdict_changes"]![0]!["breaks"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public void Write_ALedger_FollowsTheSchemaToo()
    {
        LedgerCheck[] checks = [new("fusion", "model", new LedgerEntry("fusion", "model", Verdict.Refuted, "seen so", "measured"), Verdict.Supported, "0.97",
            null), new("logit-lens", "model", null, Verdict.NotRun, "no lens", "a trace")];
        GateFile.Write(folder.At("gate.json"), GateOutcome.ClaimBroken, ["fusion broke"], checks, [("other", "no weights")]);
        var root = Read("gate.json");
        ShouldFollow(root, schema, "");
        root["exit_code"]!.GetValue<int>().Should().Be(2);
        root["ledger"]!.AsArray().Select(check => check!["outcome"]!.GetValue<string>()).Should().Equal("differs", "new");
        root["not_run"]![0]!["why"]!.GetValue<string>().Should().Be("no weights");
    }

    JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(folder.At(name)))!;

    /// <summary>The part of JSON Schema that the file uses: properties all required and no others, arrays, enumerations, types, references.</summary>
    static void ShouldFollow(JsonNode? value, JsonNode rule, string at)
    {
        if (rule["$ref"] is { } reference) rule = schema["$defs"]![reference.GetValue<string>().Split('/')[^1]]!;
        if (rule["anyOf"] is JsonArray either)
        {
            if (value is not null) ShouldFollow(value, either[0]!, at);
            else either[1]!["type"]!.GetValue<string>().Should().Be("null", at);
            return;
        }
        string[] types = rule["type"] is JsonArray several ? [.. several.Select(type => type!.GetValue<string>())] : [rule["type"]!.GetValue<string>()];
        types.Should().Contain(TypeOf(value, types), at);
        if (rule["enum"] is JsonArray words && value is not null) words.Select(word => word!.GetValue<string>()).Should().Contain(value.GetValue<string>(), at);
        if (value is JsonObject fields)
        {
            var known = rule["properties"]!.AsObject();
            fields.Select(field => field.Key).Should().Equal(known.Select(property => property.Key), at);
            rule["required"]!.AsArray().Select(name => name!.GetValue<string>()).Should().BeEquivalentTo(known.Select(property => property.Key), at);
            foreach (var (name, field) in fields) ShouldFollow(field, known[name]!, $"{at}/{name}");
        }
        if (value is JsonArray items)
            foreach (var item in items) ShouldFollow(item, rule["items"]!, $"{at}[]");
    }

    static string TypeOf(JsonNode? value, string[] allowed) => value?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => allowed.Contains("integer") && value.GetValue<double>() == Math.Floor(value.GetValue<double>()) ? "integer" : "number",
    };
}
