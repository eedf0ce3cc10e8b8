using Vrp.Models.Checkpoints;

namespace Vrp.Models.Tests.Checkpoints;

public class ConfigSectionTests
{
    const string Json = """
        {"hidden_size": 64, "rms_norm_eps": 1e-06, "tie": false, "hidden_act": "silu", "image_mean": [0.5, 1, 0], "section": [2, 3],
         "names": ["a", "b"], "nothing": null, "text_config": {"vocab_size": "964", "big": 3000000000, "huge": 1e999}}
        """;

    readonly ConfigSection config = ConfigSection.Parse(Json, "config.json");

    [Fact]
    public void Read_KeysOfEveryKind_GivesTheirValues()
    {
        config.Int("hidden_size").Should().Be(64);
        config.Double("rms_norm_eps").Should().Be(1e-6);
        config.Bool("tie", true).Should().BeFalse();
        config.String("hidden_act").Should().Be("silu");
        config.Doubles("image_mean").Should().Equal(0.5, 1, 0);
        config.Ints("section").Should().Equal(2, 3);
        config.Strings("names", []).Should().Equal("a", "b");
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("nothing")]
    public void Read_AbsentOrNull_GivesTheDefault(string key)
    {
        config.Has(key).Should().BeFalse();
        config.Int(key, 7).Should().Be(7);
        config.Double(key, 0.5).Should().Be(0.5);
        config.Bool(key, true).Should().BeTrue();
        config.String(key, "gelu").Should().Be("gelu");
        config.StringOrNull(key).Should().BeNull();
        config.Ints(key, [1]).Should().Equal(1);
        config.Doubles(key, [1.5]).Should().Equal(1.5);
        config.Strings(key, ["x"]).Should().Equal("x");
        config.Section(key).Int("hidden_size", 9).Should().Be(9);
    }

    public static TheoryData<string, Func<ConfigSection, object>> Wrong => new()
    {
        { "text_config.vocab_size", c => c.Section("text_config").Int("vocab_size") },
        { "text_config.big", c => c.Section("text_config").Int("big") },
        { "text_config.huge", c => c.Section("text_config").Double("huge") },
        { "text_config.absent", c => c.Section("text_config").Int("absent") },
        { "rms_norm_eps", c => c.Int("rms_norm_eps") },
        { "hidden_act", c => c.Bool("hidden_act") },
        { "hidden_size", c => c.String("hidden_size") },
        { "hidden_size", c => c.Section("hidden_size") },
        { "hidden_size", c => c.Ints("hidden_size") },
        { "image_mean[0]", c => c.Ints("image_mean") },
        { "nothing", c => c.Double("nothing") },
        { "hidden_act", c => throw c.Unusable("hidden_act", "gelu") },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Read_KeyOfAnotherKind_NamesFileAndKey(string key, Func<ConfigSection, object> read)
    {
        var error = config.Invoking(read).Should().Throw<ConfigException>().Which;
        error.Key.Should().Be(key);
        error.Message.Should().Contain("config.json").And.Contain($"'{key}'").And.Contain("expected");
    }

    [Theory]
    [InlineData("{\"a\": 1", "not valid JSON")]
    [InlineData("{\"a\": \"\\ud800\"}", "lone surrogate")]
    [InlineData("{\"\\udc00\": 1}", "lone surrogate")]
    [InlineData("{\"a\": 1, \"a\": 2}", "stands there twice")]
    [InlineData("[1]", "a JSON object was expected")]
    public void Parse_NotAJsonObject_IsRefused(string json, string says) =>
        FluentActions.Invoking(() => ConfigSection.Parse(json, "config.json")).Should().Throw<ConfigException>().WithMessage($"*config.json*{says}*");

    [Fact]
    public void Read_MissingFile_IsRefused() =>
        FluentActions.Invoking(() => ConfigSection.Read(Path.Combine(Path.GetTempPath(), "no-such-folder", "config.json")))
            .Should().Throw<ConfigException>().WithMessage("*no-such-folder*cannot be read*download*");
}
