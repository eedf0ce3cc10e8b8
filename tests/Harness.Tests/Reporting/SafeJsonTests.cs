using System.Text.Json.Nodes;
using Vrp.Harness.Reporting;

namespace Vrp.Harness.Tests.Reporting;

public class SafeJsonTests
{
    [Theory]
    [InlineData("</script>")]
    [InlineData("<!--")]
    [InlineData("a & b 'c' \"d\" `e`")]
    [InlineData("\u2028 \u2029 \0 \u202E")]
    [InlineData("café 名 שלום 😀")]
    public void Text_AnyString_ReadsBackAndHoldsNoMark(string text)
    {
        var json = SafeJson.Text(new JsonObject { ["x"] = SafeJson.Of(text) });
        json.Should().NotContainAny("<", ">", "&", "'", "`", "\u2028", "\u2029", "\0", "\u202E");
        ((string)JsonNode.Parse(json)!["x"]!).Should().Be(text);
    }

    // Not as attributes' arguments: those are stored as UTF-8, which has no half characters.
    [Fact]
    public void Valid_LoneSurrogate_BecomesReplacement()
    {
        SafeJson.Valid("\uD83D").Should().Be("\uFFFD");
        SafeJson.Valid("a\uDE00b").Should().Be("a\uFFFDb");
        SafeJson.Valid("😀").Should().Be("😀");
        SafeJson.Valid("").Should().BeEmpty();
    }

    [Theory]
    [InlineData(0.123456789, 4, "0.1235")]
    [InlineData(-123456.0, 3, "-123000")]
    [InlineData(0.0, 4, "0")]
    [InlineData(1e-7, 3, "1E-07")]
    [InlineData(double.NaN, 4, "null")]
    [InlineData(double.PositiveInfinity, 4, "null")]
    public void Number_Digits_AreSignificant(double value, int digits, string expected) => (SafeJson.Number(value, digits)?.ToJsonString() ?? "null")
        .Should().Be(expected);
}
