using System.Text.Json;

namespace Vrp.Models.Tests;

public class ChatFormatterTests
{
    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void Format_EveryGoldenCase_GivesTheReferencePrompt(string name)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Goldens.At("models", name, "golden.json")));
        var formatter = ChatFormatter.For(golden.RootElement.GetProperty("family").GetString()!);
        var cases = golden.RootElement.GetProperty("cases").EnumerateArray().ToList();
        cases.Should().NotBeEmpty();
        foreach (var row in cases)
            formatter.Format(row.GetProperty("question").GetString()!, row.GetProperty("images").GetArrayLength()).Should().Be(row.GetProperty("prompt").GetString());
    }

    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void CheckTemplate_GoldenCheckpoint_DoesNotWarn(string name)
    {
        using var config = JsonDocument.Parse(File.ReadAllText(Goldens.At("models", name, "config.json")));
        var formatter = ChatFormatter.For(config.RootElement.GetProperty("model_type").GetString()!);
        formatter.CheckTemplate(file => File.Exists(Goldens.At("models", name, file)) ? File.ReadAllText(Goldens.At("models", name, file)) : null).Should().BeNull();
    }

    [Fact]
    public void CheckTemplate_OtherSystemMessage_WarnsWithTheDifference()
    {
        var formatter = new Qwen2VLChat();
        var other = formatter.Template.Replace("You are a helpful assistant.", "You are a pirate.", StringComparison.Ordinal);

        var warning = formatter.CheckTemplate(file => file == "chat_template.jinja" ? other : null);

        warning.Should().Contain("chat_template.jinja").And.Contain("+ <|im_start|>system\\nYou are a pirate.<|im_end|>\\n").And.Contain("- <|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n");
        warning.Should().NotContain("add_generation_prompt", "lines that agree are not shown");
    }

    [Fact]
    public void CheckTemplate_SameTemplateLaidOutOtherwise_DoesNotWarn()
    {
        var formatter = new LlavaChat();
        var laidOut = formatter.Template.Replace("{% for message", "{#- a comment -#}\r\n  {%- for   message", StringComparison.Ordinal)
            .Replace("'<image>\n'", "\"<image>\\n\"", StringComparison.Ordinal).Replace("{% generation %}", "", StringComparison.Ordinal).Replace("{% endgeneration %}", "", StringComparison.Ordinal) + "\n";

        formatter.CheckTemplate(file => file == "chat_template.json" ? JsonSerializer.Serialize(new { chat_template = laidOut }) : null).Should().BeNull();
    }

    [Fact]
    public void CheckTemplate_TemplateForAFamilyWithoutOne_Warns() =>
        new PaliGemmaChat().CheckTemplate(file => file == "tokenizer_config.json" ? """{"chat_template": "{{ messages }}"}""" : null).Should().Contain("tokenizer_config.json").And.Contain("PaliGemma");

    [Fact]
    public void Find_SeveralNamedTemplates_TakesTheDefault() =>
        ChatTemplate.Find(file => file == "tokenizer_config.json" ? """{"chat_template": [{"name": "tools", "template": "a"}, {"name": "default", "template": "b"}]}""" : null)
            .Should().Be(new ChatTemplate("tokenizer_config.json", "b"));

    [Theory]
    [InlineData("{")]
    [InlineData("""{"chat_template": 3}""")]
    [InlineData("""{"chat_template": [3]}""")]
    [InlineData("""{"chat_template": [{"name": "default"}]}""")]
    public void Find_UnreadableTemplate_SaysWhichFile(string json) =>
        FluentActions.Invoking(() => ChatTemplate.Find(file => file == "chat_template.json" ? json : null)).Should().Throw<VrpException>().WithMessage("chat_template.json:*");

    [Fact]
    public void For_UnknownFamily_SaysWhatIsKnown() => FluentActions.Invoking(() => ChatFormatter.For("idefics")).Should().Throw<VrpException>().WithMessage("*idefics*llava*");

    [Fact]
    public void Format_NegativeImages_Throws() => FluentActions.Invoking(() => new LlavaChat().Format("?", -1)).Should().Throw<ArgumentOutOfRangeException>();
}
