using Vrp.Cli;

namespace Vrp.Cli.Tests;

/// <summary>One call of the command line, in this process.</summary>
sealed record CommandRun(int Code, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static async Task<CommandRun> Of(params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        var code = await CommandLine.RunAsync(arguments, output, error);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    /// <summary>A refusal: exit code 64, nothing on stdout, no stack trace, and each of these words on stderr.</summary>
    public void ShouldBeRefused(params string[] words)
    {
        Code.Should().Be(64, "stderr says {0}", Error);
        Output.Should().BeEmpty();
        Error.Should().StartWith("vrp: ").And.NotContain("   at ").And.NotContain("Exception");
        foreach (var word in words) Error.Should().Contain(word);
    }
}
