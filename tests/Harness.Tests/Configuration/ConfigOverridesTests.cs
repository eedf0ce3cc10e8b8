using Vrp.Harness.Configuration;
using Vrp.Models;

namespace Vrp.Harness.Tests.Configuration;

public class ConfigOverridesTests
{
    static readonly VrpConfig config = new()
    {
        Source = "/x/vrp.json",
        Subjects = [new SubjectConfig { Name = "llava", Checkpoint = "c", Required = false },
            new SubjectConfig { Name = "qwen", Checkpoint = "d", Dtype = "float32" }],
        Data = new Dictionary<string, QuestionSet> { ["d"] = new() { Files = ["q"], Limit = 9, Images = "i" }, ["e"] = new() { Files = ["r"] } },
    };

    static ConfigOverrides From(params (string Name, string Value)[] variables) =>
        ConfigOverrides.FromEnvironment(name => variables.FirstOrDefault(variable => variable.Name == name).Value);

    [Fact]
    public void ApplyTo_Nothing_ChangesNothing()
    {
        var same = From(("VRP_LIMIT", ""), ("VRP_SUBJECTS", "")).ApplyTo(config);
        same.Subjects.Should().Equal(config.Subjects);
        same.Data.Should().BeEquivalentTo(config.Data);
        same.Budget.Should().Be(config.Budget);
    }

    [Fact]
    public void ApplyTo_AllVariables_TakeTheFilesPlace()
    {
        var read = From(("VRP_SUBJECTS", " llava ,llava,"), ("VRP_DEVICE", "cuda:0"), ("VRP_DTYPE", "bfloat16"), ("VRP_LIMIT", "3"), ("VRP_BUDGET", "quick"),
            ("VRP_IMAGES", "/p")).ApplyTo(config);
        read.Subjects.Should().Equal(new SubjectConfig { Name = "llava", Checkpoint = "c", Device = "cuda:0", Dtype = "bfloat16", Required = true });
        read.Data.Values.Should().AllSatisfy(data => (data.Limit, data.Images).Should().Be((3, "/p")));
        read.Budget.Should().Be("quick");
    }

    [Theory]
    [InlineData("VRP_SUBJECTS", "lava", "did you mean \"llava\"?")]
    [InlineData("VRP_SUBJECTS", "zzz", "there are llava, qwen")]
    [InlineData("VRP_SUBJECTS", " , ", "names no subject")]
    [InlineData("VRP_LIMIT", "0", "at least 1")]
    [InlineData("VRP_LIMIT", "-3", "at least 1")]
    [InlineData("VRP_LIMIT", "many", "VRP_LIMIT=many")]
    [InlineData("VRP_BUDGET", "all", "full, quick or none")]
    [InlineData("VRP_DEVICE", "tpu", "cpu, cuda or cuda:N")]
    [InlineData("VRP_DTYPE", "int8", "float32, bfloat16 or float16")]
    public void ApplyTo_WrongVariable_IsRefused(string name, string value, string what) =>
        ((Action)(() => From((name, value)).ApplyTo(config))).Should().Throw<VrpException>().Which.Message.Should().Contain(what);
}
