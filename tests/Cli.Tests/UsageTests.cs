using System.CommandLine;
using System.Diagnostics;
using Vrp.Models.Tests;

namespace Vrp.Cli.Tests;

/// <summary>Slips of the fingers: each is one line that says what was meant, and exit code 64.</summary>
public class UsageTests
{
    static readonly string Checkpoint = Goldens.At("models", Goldens.Folders("models").First());

    static string Data => Fixtures.At("world", "study.jsonl");

    [Theory]
    [InlineData("")]
    [InlineData("inspect")]
    [InlineData("export")]
    public async Task Run_ACommandThatOnlyHoldsOthers_ShowsItsHelp(string command)
    {
        var run = await CommandRun.Of(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        run.Code.Should().Be(0);
        run.Error.Should().BeEmpty();
        run.Output.Should().Contain("Usage:").And.Contain("Commands:").And.Contain("Examples:");
    }

    [Theory]
    [InlineData("gat", "unknown command \"gat\"; did you mean \"gate\"?")]
    [InlineData("inspect forwrd", "did you mean \"forward\"?")]
    [InlineData("gate --lmit 50", "unknown option --lmit; did you mean --limit?")]
    [InlineData("gate --lmit=50", "did you mean --limit?")]
    [InlineData("report runs --ot x.html --out y.html", "unknown option --ot; did you mean --out?")]
    [InlineData("gate stray", "\"stray\" is one argument too many")]
    [InlineData("gate --dbug", "did you mean --debug?")]
    public async Task Run_AMistypedName_NamesTheNearestOnce(string arguments, string expected)
    {
        var run = await CommandRun.Of(arguments.Split(' '));
        run.ShouldBeRefused(expected);
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2,
            "what is wrong, and where to look").And.OnlyContain(line => line.StartsWith("vrp: "));
    }

    [Theory]
    [InlineData("gate --limit ten", "--limit ten: expected a whole number.")]
    [InlineData("trace x --temperature hot --out y", "--temperature hot: expected a number.")]
    [InlineData("export monitor x --data y --out z --seed -3", "--seed -3: expected a whole number, 0 or more.")]
    [InlineData("gate --limit 99999999999", "--limit 99999999999: expected a whole number.")]
    public async Task Run_AValueOfAnotherKind_NamesNoType(string arguments, string expected)
    {
        var run = await CommandRun.Of(arguments.Split(' '));
        run.ShouldBeRefused(expected);
        run.Error.Should().NotContain("System.");
    }

    public static TheoryData<string> Leaves => [.. Under(CommandLine.Build(), "")];

    static IEnumerable<string> Under(Command command, string path) => command.Subcommands.Count == 0 ? [path.Trim()]
        : command.Subcommands.SelectMany(sub => Under(sub, $"{path} {sub.Name}"));

    /// <summary>What a script passes whose variable is not set: as the folder of results it would be the one that the shell stands in.</summary>
    [Theory, MemberData(nameof(Leaves))]
    public async Task Run_AnEmptyValue_IsRefusedForEveryOptionAndArgument(string path)
    {
        Command command = path.Split(' ').Aggregate(CommandLine.Build(), (at, name) => at.Subcommands.Single(sub => sub.Name == name));
        foreach (var option in command.Options.Where(option => option.ValueType == typeof(string) || option.ValueType == typeof(string[])))
            (await CommandRun.Of([.. path.Split(' '), option.Name, ""])).ShouldBeRefused($"{option.Name} is given an empty value");
        if (command.Arguments.FirstOrDefault(argument => argument.Name != AskCommand.Question && argument.Name != "SHELL") is { } first)
            (await CommandRun.Of([.. path.Split(' '), " "])).ShouldBeRefused($"{first.Name} is given an empty value");
    }

    public static TheoryData<string, string> Beyond => new()
    {
        { "ask", "--max-new-tokens" }, { "ask", "--samples" }, { "ask", "--batch" }, { "ask", "--threads" }, { "evaluate", "--batch" },
            { "evaluate", "--max-new-tokens" },
        { "trace", "--k" }, { "trace", "--block" }, { "trace", "--max-new-tokens" }, { "trace", "--threads" }, { "study", "--rows" }, { "study", "--draws" },
            { "study", "--permutations" },
        { "intervene", "--block" }, { "intervene", "--rows" }, { "analyze", "--draws" }, { "gate", "--threads" },
    };

    [Theory]
    [MemberData(nameof(Beyond))]
    public async Task Run_ANumberThatNoMachineHolds_IsRefusedBeforeAnythingIsLoaded(string command, string option)
    {
        string[] rest = command switch
        {
            "ask" => [Checkpoint, "Why?"],
            "evaluate" => [Checkpoint, "--data", Data],
            "trace" or "study" => [Checkpoint, "--data", Data, "--out", "/nowhere"],
            "intervene" => [Checkpoint, "--data", Data, "--out", "/nowhere", "--plan", "/nowhere"],
            "analyze" => ["/nowhere", "--data", Data],
            _ => [],
        };
        (await CommandRun.Of([command, .. rest, option, int.MaxValue.ToString()])).ShouldBeRefused($"{option} 2147483647: expected a whole number, at least");
    }

    [Theory]
    [InlineData("report /nowhere/run --out /dev/null")]
    [InlineData("compare /nowhere/run /nowhere/other")]
    public async Task Run_ARunFolderThatIsNotThere_IsNamedAsSuch(string arguments) =>
        (await CommandRun.Of(arguments.Split(' '))).ShouldBeRefused("/nowhere/run: no such folder");

    [Theory]
    [InlineData("study")]
    [InlineData("evaluate")]
    public async Task Run_AnImageFolderThatIsNotThere_IsNamed(string command)
    {
        string[] output = command == "study" ? ["--out", "/nowhere/run"] : [];
        (await CommandRun.Of([command, Checkpoint, "--data", Data, "--images", "/nowhere/images", .. output]))
            .ShouldBeRefused("/nowhere/images, a folder that does not exist");
    }

    [Fact]
    public async Task Ask_WithoutPictureOrQuestion_IsSaid()
    {
        (await CommandRun.Of("ask", Checkpoint, " ")).ShouldBeRefused("question is empty");
        var run = await CommandRun.Of("ask", Checkpoint, "legs", "--max-new-tokens", "1");
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain("no --image");
    }

    [Fact]
    public async Task Run_OutOfMemory_NamesTheSettingToChange()
    {
        async Task<string> Error(Exception thrown, params string[] arguments)
        {
            var command = new VrpCommand("trace", "Runs out of memory.") { new Option<int>("--block") { DefaultValueFactory = _ => 48 },
                new Option<int>("--k") { DefaultValueFactory = _ => 10 } };
            command.SetAction((Action<ParseResult>)(_ => throw thrown));
            var root = new VrpCommand("vrp", "Holds it.") { command };
            using StringWriter output = new(), error = new() { NewLine = "\n" };
            (await CommandLine.RunAsync(root, arguments, ConsoleWriter.Of(output), ConsoleWriter.Of(error))).Should().Be(64);
            return error.ToString();
        }

        (await Error(new OutOfMemoryException(), "trace"))
            .Should().Contain("out of memory with --block 48").And.Contain("--block 24").And.Contain("--k").And.NotContain("internal error");
        (await Error(new System.Runtime.InteropServices.ExternalException("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 "
            + "bytes"), "trace", "--block", "6"))
            .Should().Contain("--block 3");
        (await Error(new AggregateException(new OutOfMemoryException()), "trace", "--block", "1", "--k", "0")).Should().Contain("no setting that needs less");
    }

    [Theory]
    [InlineData("gat", "gate")]
    [InlineData("gate --li", "--limit")]
    [InlineData("inspect for", "forward")]
    [InlineData("completion ", "bash zsh fish")]
    public async Task Suggest_ALine_GivesWhatMayFollowAndRunsNothing(string line, string expected)
    {
        var run = await CommandRun.Of($"[suggest:{line.Length + 4}]", $"vrp {line}");
        run.Code.Should().Be(0);
        run.Lines.Should().Contain(expected.Split(' '));
        (await CommandRun.Of("[suggest]", $"./vrp {line}")).Lines.Should().Equal(run.Lines);
    }

    [Fact]
    public async Task Completion_InBash_CompletesACommandAndAnOption()
    {
        var script = (await CommandRun.Of("completion", "bash")).Output;
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.At("vrp"), Path.Combine(AppContext.BaseDirectory, "Vrp.Cli"));
        string Complete(string line)
        {
            var words = line.Split(' ');
            var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, WorkingDirectory = folder.Path };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add($"{script}\nCOMP_WORDS=(./{string.Join(' ', words)}); COMP_CWORD={words.Length - 1}; COMP_LINE='./{line}'; "
                + $"COMP_POINT={line.Length + 2}; _vrp; echo \"${{COMPREPLY[*]}}\"");
            using var bash = Process.Start(start)!;
            var said = bash.StandardOutput.ReadToEnd();
            bash.WaitForExit();
            return said.Trim();
        }

        Complete("vrp gat").Should().Be("gate");
        Complete("vrp gate --lim").Should().Be("--limit");
    }
}
