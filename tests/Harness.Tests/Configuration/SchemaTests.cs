using System.Text.Json.Nodes;
using System.Xml.Linq;
using Vrp.Harness.Configuration;

namespace Vrp.Harness.Tests.Configuration;

/// <summary>docs/vrp.schema.json is made from the records that read the file.</summary>
public class SchemaTests
{
    static readonly string path = Fixtures.At("..", "docs", "vrp.schema.json");

    static string Made => ConfigSchema.Text(XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Vrp.Harness.xml")));

    [Fact]
    public void File_OfTheRepository_IsWhatTheTypesSay()
    {
        if (Environment.GetEnvironmentVariable("VRP_SCHEMA") == "write") File.WriteAllText(path, Made);
        File.ReadAllText(path).Should().Be(Made, "a setting changed: run this test with VRP_SCHEMA=write, review, and commit the file");
    }

    [Fact]
    public void Settings_OfEveryObject_HaveASentenceAndNoOthersAreTaken()
    {
        var objects = new List<JsonObject>();
        void Collect(JsonNode? node)
        {
            if (node is JsonObject at)
            {
                if (at["properties"] is JsonObject) objects.Add(at);
                foreach (var (_, child) in at) Collect(child);
            }
            else if (node is JsonArray list)
                foreach (var child in list) Collect(child);
        }

        Collect(JsonNode.Parse(Made));
        objects.Should().HaveCount(6, "the file, a subject, a question set, the trace, the protocol, its sampling");
        foreach (var each in objects)
        {
            each["additionalProperties"]!.GetValue<bool>().Should().BeFalse("a misspelt setting is an error");
            foreach (var (name, setting) in each["properties"]!.AsObject()) setting!["description"]!.GetValue<string>().Should().EndWith(".", name);
        }
    }

    [Fact]
    public void Numbers_OfTheSchema_HaveTheBoundsOfTheReader()
    {
        var trace = JsonNode.Parse(Made)!["properties"]!["trace"]!["properties"]!;
        trace["k"]!["maximum"]!.GetValue<double>().Should().Be(Bounds.Of("k")!.Most);
        trace["top_p"]!["exclusiveMinimum"]!.GetValue<double>().Should().Be(0);
        trace["max_new_tokens"]!["default"]!.GetValue<int>().Should().Be(64);
    }

    [Fact]
    public void Settings_OfTheRecords_AreAllOfThem() =>
        JsonProblems.Settings(typeof(VrpConfig)).Should().Equal("$schema", "subjects", "data", "trace", "budget", "protocol", "margins", "ledger", "fetch");
}
