using System.CommandLine;
using System.CommandLine.Parsing;
using Vrp.Harness.Running;
using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary>The commands, and the one place where an error becomes a line on stderr and an exit code.</summary>
static class CommandLine
{
    internal static readonly Option<bool> Debug = new("--debug") { Description = "Show the stack trace of an error.", Recursive = true };

    internal static Command Build()
    {
        // Not a RootCommand: that one is named after the program file, and people type `vrp`.
        return new VrpCommand("vrp",
            "Reliability tests for vision-language models (LLaVA-1.5, PaliGemma, Qwen2-VL). In the repository also: "
            + "./vrp test [FILTER], ./vrp pack, ./vrp world …, ./vrp bench ….",
            "vrp doctor",
            "vrp ask fixtures/goldens/models/llava-tiny --image photo.jpg \"Is there a dog in the image?\"",
            "vrp inspect forward fixtures/goldens/models/llava-tiny --image photo.jpg --question \"What is this?\" --out dump.safetensors")
        {
            AskCommand.Build(), EvaluateCommand.Build(), InspectCommand.Build(), DoctorCommand.Build(), FetchCommand.Build(), DataCommand.Build(),
                ImportCommand.Build(),
            StudyCommand.Build(), TraceCommand.Build(), InterveneCommand.Build(), MergeCommand.Build(), AnalyzeCommand.Build(), CompareCommand.Build(),
            GateCommand.Build(), ReportCommand.Build(), ViewCommand.Build(), AcceptCommand.Build(), LedgerCommand.Build(), NoiseCommand.Build(),
                ExportCommand.Build(), SelftestCommand.Build(), Completion.Build(),
            Debug, VrpCommand.HelpWithExamples(), new VersionOption(),
        };
    }

    /// <summary>Runs a command line. All that is written goes through a <see cref="ConsoleWriter"/>.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) =>
        RunAsync(Build(), args, ConsoleWriter.Of(output), ConsoleWriter.Of(error));

    /// <summary>The same for any command; tests have some that fail in their own ways.</summary>
    internal static async Task<int> RunAsync(Command root, string[] args, ConsoleWriter output, ConsoleWriter error)
    {
        if (Completion.Answer(root, args, output)) return ExitCode.Success;
        var parsed = root.Parse(args);
        // A command that only holds others shows them, as gh, docker and dotnet do.
        if (parsed is { CommandResult.Command: { Subcommands.Count: > 0, Action: null }, UnmatchedTokens.Count: 0 }
            && parsed.Action is not (System.CommandLine.Help.HelpAction or VrpCommand.WithExamples)
            && parsed.Errors.All(each => each.Message.StartsWith("Required command", StringComparison.Ordinal)) && !args.Contains("--version"))
            parsed = root.Parse([.. args, "--help"]);
        var debug = args.Contains("--debug");
        var wrong = UsageErrors.Of(parsed, args);
        if (wrong.Length > 0)
        {
            // One line each, and where to look: System.CommandLine would print the whole help and exit with 1, a verdict of the gate.
            foreach (var message in wrong) error.Say(message);
            error.Say($"see `{Path(parsed.CommandResult)} --help`.");
            return ExitCode.Usage;
        }

        try
        {
            // Signals are the process's own (Program.cs); the library's handler would end it after two seconds.
            var settings = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(settings);
        }
        catch (OperationCanceledException)
        {
            error.WriteLine(Interruption.Sentence(Interruption.Current.By));
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (debug)
        {
            error.WriteLine($"vrp: {(IsExpected(e) || MemoryGuard.IsOutOfMemory(e) ? "" : "internal error: ")}{e}");
            return IsExpected(e) || MemoryGuard.IsOutOfMemory(e) ? ExitCode.Usage : ExitCode.Internal;
        }
        catch (Exception e) when (!IsExpected(e) && MemoryGuard.IsOutOfMemory(e))
        {
            error.Say(MemoryAdvice.For(parsed));
            return ExitCode.Usage;
        }
        catch (Exception e) when (Explain(e) is { } message)
        {
            error.Say(message);
            return ExitCode.Usage;
        }
        catch (Exception e)
        {
            error.Say($"internal error: {e.GetType().Name}: {FirstLine(e.Message)}");
            error.Say("run again with --debug for the stack trace, and report it.");
            return ExitCode.Internal;
        }
    }

    static bool IsExpected(Exception e) => Explain(e) is not null;

    /// <summary>Errors that the user can mend: our own, and the file system's.</summary>
    static string? Explain(Exception e) => e switch
    {
        VrpException => e.Message,
        FileNotFoundException f => $"no such file: {f.FileName ?? f.Message}",
        DirectoryNotFoundException or IOException or UnauthorizedAccessException => FirstLine(e.Message),
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };

    static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();

    static string Path(CommandResult command)
    {
        var names = new List<string>();
        for (SymbolResult? at = command; at is CommandResult c; at = c.Parent) names.Insert(0, c.Command.Name);
        return string.Join(' ', names);
    }
}
