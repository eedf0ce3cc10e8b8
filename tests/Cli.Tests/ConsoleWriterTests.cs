using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Vrp.Cli.Tests;

/// <summary>What a model or a file says cannot move the terminal nor give a GitHub runner a command.</summary>
public class ConsoleWriterTests
{
    static string Written(bool onActions, params string[] parts)
    {
        using var inner = new StringWriter { NewLine = "\n" };
        using var console = new ConsoleWriter(inner, onActions, terminal: false);
        foreach (var part in parts) console.Write(part);
        return inner.ToString();
    }

    [Theory]
    [InlineData("\u001b[2Jgone", " [2Jgone")]
    [InlineData("bell\a and \u009b31m", "bell  and  31m")]
    [InlineData("tab\tstays\r\nnext", "tab\tstays \nnext")]
    [InlineData("::notice::fine\u2028::x", "::notice::fine ::x")]
    public void Write_ControlCharacters_BecomeSpaces(string text, string expected) => Written(onActions: false, text).Should().Be(expected);

    [Theory]
    [InlineData("::set-output name=x::1", ": :set-output name=x::1")]
    [InlineData("yes\n  ::error::no", "yes\n  : :error::no")]
    [InlineData("a ##[command]b", "a ## [command]b")]
    [InlineData("###[x", "### [x")]
    [InlineData("time 12::30 # [", "time 12::30 # [")]
    public void Write_OnActions_NoLineIsACommand(string text, string expected)
    {
        Written(onActions: true, text).Should().Be(expected);
        Written(onActions: true, [.. text.Select(c => c.ToString())]).Should().Be(expected, "a streamed answer comes in pieces");
    }

    [Property(MaxTest = 300)]
    public Property Write_AnyTextInAnyPieces_HoldsNoCommand() => Prop.ForAll(
        Gen.Elements(":", "::", "#", "[", "##[", "\n", " ", "\r", "\u001b", "x", "\t").ListOf().ToArbitrary(), parts =>
        {
            var text = Written(onActions: true, [.. parts]);
            return !text.Contains("##[", StringComparison.Ordinal) && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\t'))
                && text.Split('\n').All(line => !line.TrimStart().StartsWith("::", StringComparison.Ordinal));
        });

    [Fact]
    public void WriteTrusted_AnAnnotation_ReachesTheRunner()
    {
        using var inner = new StringWriter { NewLine = "\n" };
        using var console = new ConsoleWriter(inner, onActions: true, terminal: false);
        console.WriteTrusted("::error title=x::y\n");
        console.WriteLine("::error::z");
        inner.ToString().Should().Be("::error title=x::y\n: :error::z\n");
    }

    [Fact]
    public void OneLine_ALongMessageOfSeveralLines_IsOneOfAtMost500Characters()
    {
        ConsoleMessages.OneLine("a:\n  b\r\n\n  c").Should().Be("a: b c");
        ConsoleMessages.OneLine(string.Join('\n', Enumerable.Repeat("word", 900))).Should().HaveLength(ConsoleWriter.Longest).And.EndWith("…");
    }

    [Fact]
    public void Safe_AJsonLine_MeansTheSame()
    {
        var line = System.Text.Json.JsonSerializer.Serialize(new { text = "##[command]" });
        System.Text.Json.Nodes.JsonNode.Parse(JsonLine.Safe(line))!["text"]!.GetValue<string>().Should().Be("##[command]");
        JsonLine.Safe(line).Should().NotContain("##[");
    }
}
