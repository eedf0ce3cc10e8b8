using Vrp.Models.Tests;

namespace Vrp.Cli.Tests;

/// <summary>What every command owes: help with examples, one clear line and exit code 64 for wrong usage, nothing of the gate's verdicts (0 to 3).</summary>
public class CommandLineTests
{
    static readonly string Checkpoint = Goldens.At("models", Goldens.Folders("models").First());

    [Theory]
    [InlineData("")]
    [InlineData("ask")]
    [InlineData("evaluate")]
    [InlineData("inspect")]
    [InlineData("inspect tokens")]
    [InlineData("inspect pixels")]
    [InlineData("inspect forward")]
    [InlineData("doctor")]
    public async Task Help_OfEveryCommand_EndsWithExamples(string command)
    {
        var run = await CommandRun.Of([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        run.Code.Should().Be(0);
        run.Output.Should().Contain("Usage:").And.Contain("Examples:").And.Contain($"vrp {command}".TrimEnd());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ask --nonsense")]
    [InlineData("doctor --numerics")]
    [InlineData("inspect pixels")]
    public async Task Usage_UnknownOrMissing_IsOneLineAndTheWayToHelp(string arguments)
    {
        var run = await CommandRun.Of(arguments.Split(' '));
        run.ShouldBeRefused("--help");
    }

    [Fact]
    public async Task Ask_NoSuchCheckpoint_SaysWhatWasExpected() =>
        (await CommandRun.Of("ask", "/nowhere/at/all", "Why?")).ShouldBeRefused("/nowhere/at/all");

    [Fact]
    public async Task Ask_NoSuchImage_NamesIt() =>
        (await CommandRun.Of("ask", Checkpoint, "--image", "/nowhere.png", "Why?")).ShouldBeRefused("/nowhere.png");

    [Fact]
    public async Task Ask_AFileThatIsNoImage_NamesIt()
    {
        using var folder = new TemporaryFolder();
        (await CommandRun.Of("ask", Checkpoint, "--image", folder.Write("a.png", "not a picture"), "Why?")).ShouldBeRefused("a.png");
    }

    [Theory]
    [InlineData("--device", "tpu", "cuda")]
    [InlineData("--dtype", "int3", "bfloat16")]
    [InlineData("--max-new-tokens", "0", "at least 1")]
    [InlineData("--samples", "3", "--temperature")]
    [InlineData("--temperature", "-1", "above 0")]
    [InlineData("--top-p", "1.5", "top-p")]
    [InlineData("--threads", "0", "at least 1")]
    public async Task Ask_AValueOutOfRange_SaysWhatWasExpected(string option, string value, string expected) =>
        (await CommandRun.Of("ask", Checkpoint, "Why?", option, value)).ShouldBeRefused(expected);

    [Theory]
    [InlineData("""{"question": 3}""", ":2:")]
    [InlineData("""{"images": ["a.png"]""", "not a line of JSON")]
    [InlineData("""{"images": "a.png", "question": "Why?"}""", "list")]
    [InlineData("""{"images": ["missing.png"], "question": "Why?"}""", "missing.png")]
    public async Task Requests_AWrongLine_IsNamedBeforeAnyAnswer(string line, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("requests.jsonl", """{"question": "Fine?"}""", line);
        (await CommandRun.Of("ask", Checkpoint, "--requests", file)).ShouldBeRefused(file + ":2:", expected);
    }

    [Fact]
    public async Task Requests_WithAQuestionToo_IsRefused()
    {
        using var folder = new TemporaryFolder();
        (await CommandRun.Of("ask", Checkpoint, "Why?", "--requests", folder.Write("r.jsonl", "{}"))).ShouldBeRefused("either");
    }

    [Theory]
    [InlineData("blocks.2.mlp.ouT:1=0")]
    [InlineData("blocks.1.mlp.out:1")]
    [InlineData("blocks.999.mlp.out:1=0")]
    public async Task Forward_AnInterventionThatMatchesNothing_IsRefusedAndWritesNothing(string intervention)
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.Of("inspect", "forward", Checkpoint, "--prompt", "legs", "--intervene", intervention, "--out",
            folder.At("dump.safetensors"));
        run.ShouldBeRefused();
        File.Exists(folder.At("dump.safetensors")).Should().BeFalse();
    }

    [Fact]
    public async Task Debug_AnError_ShowsTheStackTrace()
    {
        var run = await CommandRun.Of("ask", "/nowhere/at/all", "Why?", "--debug");
        run.Code.Should().Be(64);
        run.Error.Should().Contain("   at ");
    }

    [Fact]
    public async Task Doctor_OnThisMachine_FindsAllThatIsNeeded()
    {
        var run = await CommandRun.Of("doctor");
        run.Code.Should().Be(0, "{0}", run.Output);
        run.Output.Should().Contain("libtorch").And.Contain("threads").And.Contain("memory").And.Contain("images").And.Contain("GPU");
    }

    [Fact]
    public async Task DoctorNumerics_OfACheckpoint_ShowsTheDriftOfBothHalfPrecisions()
    {
        var run = await CommandRun.Of("doctor", "--numerics", Checkpoint);
        run.Code.Should().Be(0, "{0}", run.Error);
        run.Output.Should().Contain("bfloat16").And.Contain("float16").And.Contain("blocks.0.resid_post").And.Contain("logits").And.NotContain("NaN");
    }
}
