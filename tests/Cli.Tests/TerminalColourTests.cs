using Vrp.Cli;

namespace Vrp.Cli.Tests;

public class TerminalColourTests
{
    [Theory]
    [InlineData("a\nPASS: all.\n", "a\n\u001b[1;32mPASS\u001b[0m: all.\n")]
    [InlineData("CLAIM BROKEN: x", "\u001b[1;31mCLAIM BROKEN\u001b[0m: x")]
    [InlineData("COULD NOT JUDGE.", "\u001b[1;33mCOULD NOT JUDGE\u001b[0m.")]
    [InlineData("no PASS: here", "no PASS: here")]
    public void Coloured_OutcomeAtTheStartOfALine_HasItsColour(string text, string expected) => TerminalColour.Coloured(text).Should().Be(expected);

    [Theory]
    [InlineData(true, null, "xterm", true)]
    [InlineData(true, "1", "xterm", false)]
    [InlineData(true, "", "xterm", true)]
    [InlineData(true, null, "dumb", false)]
    [InlineData(false, null, "xterm", false)]
    public void IsWanted_PipeNoColorOrDumbTerminal_IsNot(bool terminal, string? noColor, string term, bool expected) =>
        TerminalColour.IsWanted(terminal, name => name == "NO_COLOR" ? noColor : term).Should().Be(expected);
}
