using Vrp.Harness.Configuration;

namespace Vrp.Harness.Tests.Configuration;

public class JsonLinesTests
{
    const string Text = "// first\n{\n  \"a\": [ 1,\n    { \"b\": 2 } ],\n  \"c\": {\n    \"d\": null }\n}\n";

    [Theory]
    [InlineData("a", 3)]
    [InlineData("a/0", 3)]
    [InlineData("a/1", 4)]
    [InlineData("a/1/b", 4)]
    [InlineData("c/d", 6)]
    [InlineData("c/absent", 5)]
    [InlineData("a/7/b", 3)]
    [InlineData("absent", 2)]
    public void LineOf_APath_IsThatOfTheValueOrItsNearestParent(string path, int line) => JsonLines.LineOf(Text, path).Should().Be(line);
}
