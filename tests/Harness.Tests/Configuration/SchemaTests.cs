using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;

namespace Vrp.Harness.Tests.Configuration;

/// <summary>docs/vrp.schema.json says the same as the records that read the file.</summary>
public class SchemaTests
{
    static readonly JsonNode schema = JsonNode.Parse(File.ReadAllText(Fixtures.At("..", "docs", "vrp.schema.json")))!;

    static JsonNode Part(string name) => name.Length == 0 ? schema : schema["$defs"]![name]!;

    [Theory]
    [InlineData("", typeof(VrpConfig))]
    [InlineData("subject", typeof(SubjectConfig))]
    [InlineData("data", typeof(DataConfig))]
    [InlineData("trace", typeof(TraceConfig))]
    [InlineData("protocol", typeof(StudyOptions))]
    [InlineData("sampling", typeof(SamplingProtocol))]
    public void Properties_OfEveryRecord_AreTheSameWithADescription(string part, Type type)
    {
        var properties = Part(part)["properties"]!.AsObject();
        properties.Select(pair => pair.Key).Should().BeEquivalentTo(JsonProblems.Settings(type));
        properties.Where(pair => pair.Value!["$ref"] is null).Should().AllSatisfy(pair => pair.Value!["description"]!.GetValue<string>().Should().EndWith("."));
        Part(part)["additionalProperties"]!.GetValue<bool>().Should().BeFalse("a misspelt setting is an error");
    }

    [Fact]
    public void Required_IsWhatTheReaderRequires()
    {
        static string[] Required(string part) => [.. Part(part)["required"]!.AsArray().Select(name => name!.GetValue<string>())];
        Required("").Should().Equal("subjects", "data");
        Required("subject").Should().Equal("name", "checkpoint");
        Required("data").Should().Equal("files");
    }

    [Theory]
    [InlineData("subject", typeof(SubjectConfig))]
    [InlineData("trace", typeof(TraceConfig))]
    [InlineData("protocol", typeof(StudyOptions))]
    public void Defaults_AreThoseOfTheRecords(string part, Type type)
    {
        object record = type == typeof(SubjectConfig) ? new SubjectConfig { Name = "a", Checkpoint = "b" } : Activator.CreateInstance(type)!;
        var values = JsonSerializer.SerializeToNode(record, type, VrpConfig.Json)!.AsObject();
        var stated = Part(part)["properties"]!.AsObject().Where(pair => pair.Value!["default"] is not null).ToArray();
        stated.Should().NotBeEmpty();
        foreach (var (name, property) in stated) values[name]!.ToJsonString().Should().Be(property!["default"]!.ToJsonString(), name);
    }

    [Fact]
    public void Settings_OfTheRecords_AreAllOfThem() =>
        JsonProblems.Settings(typeof(VrpConfig)).Should().Equal("$schema", "subjects", "data", "trace", "budget", "protocol", "margins", "ledger", "fetch");
}
