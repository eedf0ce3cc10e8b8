using System.Text.Json;
using System.Text.RegularExpressions;
using Vrp.Models.Llava;
using Vrp.Models.PaliGemma;
using Vrp.Models.Qwen2VL;

namespace Vrp.Models.Tests;

public class ChatFormatterTests
{
    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void Format_EveryGoldenCase_GivesTheReferencePrompt(string name)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Goldens.At("models", name, "golden.json")));
        var formatter = ModelFamilies.For(golden.RootElement.GetProperty("family").GetString()!).Chat;
        var cases = golden.RootElement.GetProperty("cases").EnumerateArray().ToList();
        cases.Should().NotBeEmpty();
        foreach (var row in cases)
            formatter.Format(row.GetProperty("question").GetString()!,
                row.GetProperty("images").GetArrayLength()).Should().Be(row.GetProperty("prompt").GetString());
    }

    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void CheckTemplate_GoldenCheckpoint_DoesNotWarn(string name)
    {
        using var config = JsonDocument.Parse(File.ReadAllText(Goldens.At("models", name, "config.json")));
        var formatter = ModelFamilies.For(config.RootElement.GetProperty("model_type").GetString()!).Chat;
        formatter.CheckTemplate(file => File.Exists(Goldens.At("models", name, file)) ? File.ReadAllText(Goldens.At("models", name, file)) : null)
            .Should().BeNull();
    }

    [Fact]
    public void CheckTemplate_OtherSystemMessage_WarnsWithBothHashes()
    {
        var formatter = new Qwen2VLChat();
        var other = formatter.Template.Replace("You are a helpful assistant.", "You are a pirate.", StringComparison.Ordinal);

        var warning = formatter.CheckTemplate(file => file == "chat_template.jinja" ? other : null);

        warning.Should().Contain("chat_template.jinja").And.Contain("Qwen2-VL").And.NotContain("\n");
        Regex.Matches(warning!, "[0-9a-f]{12}").Select(hash => hash.Value).Distinct().Should().HaveCount(2);
    }

    [Theory]
    [InlineData("\r\n", "")]
    [InlineData("\n", "\n\n")]
    public void CheckTemplate_OtherLineEnds_DoesNotWarn(string lineEnd, string end)
    {
        var formatter = new LlavaChat();
        var laidOut = formatter.Template.ReplaceLineEndings(lineEnd) + end;

        formatter.CheckTemplate(file => file == "chat_template.json" ? JsonSerializer.Serialize(new { chat_template = laidOut }) : null).Should().BeNull();
    }

    [Fact]
    public void CheckTemplate_TemplateForAFamilyWithoutOne_Warns() =>
        new PaliGemmaChat().CheckTemplate(file => file == "tokenizer_config.json" ? """{"chat_template": "{{ messages }}"}""" : null)
            .Should().Contain("tokenizer_config.json").And.Contain("PaliGemma");

    [Fact]
    public void Find_SeveralNamedTemplates_TakesTheDefault() =>
        ChatTemplate.Find(file => file == "tokenizer_config.json"
            ? """{"chat_template": [{"name": "tools", "template": "a"}, {"name": "default", "template": "b"}]}""" : null)
            .Should().Be(new ChatTemplate("tokenizer_config.json", "b"));

    [Theory]
    [InlineData("{")]
    [InlineData("""{"chat_template": 3}""")]
    [InlineData("""{"chat_template": [3]}""")]
    [InlineData("""{"chat_template": [{"name": "default"}]}""")]
    public void Find_UnreadableTemplate_SaysWhichFile(string json) =>
        FluentActions.Invoking(() => ChatTemplate.Find(file => file == "chat_template.json" ? json : null))
            .Should().Throw<VrpException>().WithMessage("chat_template.json:*");

    [Fact]
    public void Format_NegativeImages_Throws() => FluentActions.Invoking(() => new LlavaChat().Format("?", -1)).Should().Throw<ArgumentOutOfRangeException>();
}
