using System.Text;
using System.Text.Json;
using Vrp.Models.Storage;

namespace Vrp.Models.Tests.Storage;

public class JsonTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void Parse_EmptyFile_IsCalledEmpty(string text) => FluentActions.Invoking(() => JsonText.Parse(Encoding.UTF8.GetBytes(text), "a.json"))
        .Should().Throw<JsonTextException>().WithMessage("a.json*it is empty*");

    static readonly JsonSerializerOptions options = JsonText.Strict(new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });

    sealed record Inner(string Text);

    sealed record Sample(string Name, int Count, string[] Words, IReadOnlyList<Inner> Parts, IReadOnlyDictionary<string, string> Facts, string? Note,
        string?[]? Gaps);

    const string Good = """{"name":"n","count":3,"words":["a"],"parts":[{"text":"t"}],"facts":{"a":"b"},"note":null,"gaps":[null]}""";

    static Sample Parse(string json) => JsonText.Parse<Sample>(Encoding.UTF8.GetBytes(json), "file.json", options);

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public void Parse_WithOrWithoutAMark_GivesTheRecord(string mark) => Parse(mark + Good.Replace(",", ",\r\n")).Gaps.Should().Equal((string?)null);

    [Theory]
    [InlineData("""{"name":"n",""", "file.json:1:*")]
    [InlineData("", "file.json:1:*")]
    [InlineData("null", "*null is no value here*")]
    [InlineData("""{"name":null,"count":3,"words":[],"parts":[],"facts":{},"note":null,"gaps":null}""", "*null is no value*")]
    [InlineData("""{"name":"n","count":3,"words":[null],"parts":[],"facts":{},"note":null,"gaps":null}""", "*\"words\" holds null*")]
    [InlineData("""{"name":"n","count":3,"words":[],"parts":[null],"facts":{},"note":null,"gaps":null}""", "*\"parts\" holds null*")]
    [InlineData("""{"name":"n","count":3,"words":[],"parts":[],"facts":{"a":null},"note":null,"gaps":null}""", "*\"facts\" holds null*")]
    [InlineData("""{"count":3,"words":[],"parts":[],"facts":{},"note":null,"gaps":null}""", "*\"name\"*must be set*")]
    [InlineData("""{"name":"n","name":"m"}""", "*the key name stands there twice*")]
    [InlineData("""{"name":"n","count":"x"}""", "*$.count: expected another kind of value*")]
    [InlineData("""{"name":"n","count":3,"words":["a",2],"parts":[],"facts":{},"note":null,"gaps":null}""", "*$.words[1]: expected a text in quotes*")]
    [InlineData("""{"name":"\ud800"}""", "*lone surrogate*")]
    [InlineData("""{"\udc00":1}""", "*lone surrogate*")]
    public void Parse_WhatIsNone_IsOneTypedLine(string json, string says) =>
        FluentActions.Invoking(() => Parse(json)).Should().Throw<JsonTextException>().WithMessage(says)
            .Which.Message.Should().StartWith("file.json").And.NotContain("\n").And.NotContain("System.");

    [Fact]
    public void Parse_BrokenUtf8_NamesTheLine() =>
        FluentActions.Invoking(() => JsonText.Parse(new byte[] { (byte)'{', (byte)'\n', 0xFF }, "file.json")).Should().Throw<JsonTextException>()
            .WithMessage("file.json:2:*UTF-8*");

    [Fact]
    public void Parse_TooDeep_IsOneTypedLine() =>
        FluentActions.Invoking(() => JsonText.Parse(Encoding.UTF8.GetBytes(new string('[', 100_000)), "file.json")).Should().Throw<JsonTextException>();

    [Fact]
    public void Lines_MarkCrLfAndBlankLines_GiveTheSameRows()
    {
        string[] Of(string text) =>
            [.. JsonText.Lines(Encoding.UTF8.GetBytes(text)).Select(line => $"{line.Number} {JsonText.Parse(line.Json, "x").GetRawText()}")];
        Of("\uFEFF{\"a\":1}\r\n\r\n \t\r\n{\"a\":2}\r\n").Should().Equal("1 {\"a\":1}", "4 {\"a\":2}");
        Of("{\"a\":1}\n\n\n{\"a\":2}").Should().Equal("1 {\"a\":1}", "4 {\"a\":2}");
    }
}
