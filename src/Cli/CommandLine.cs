using System.CommandLine;
using System.CommandLine.Parsing;
using Vrp.Harness.Running;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary>The commands, and the one place where an error becomes a line on stderr and an exit code.</summary>
static class CommandLine
{
    internal static readonly Option<bool> Debug = new("--debug") { Description = "Show the stack trace of an error.", Recursive = true };

    internal static Command Build()
    {
        // Not a RootCommand: that one is named after the program file, and people type `vrp`.
        return new VrpCommand("vrp", "Reliability tests for vision-language models (LLaVA-1.5, PaliGemma, Qwen2-VL). In the repository also: ./vrp test [FILTER], ./vrp world …, ./vrp bench ….",
            "vrp doctor",
            "vrp ask fixtures/goldens/models/llava-tiny --image photo.jpg \"Is there a dog in the image?\"",
            "vrp inspect forward fixtures/goldens/models/llava-tiny --image photo.jpg --question \"What is this?\" --out dump.safetensors")
        {
            AskCommand.Build(), EvaluateCommand.Build(), InspectCommand.Build(), DoctorCommand.Build(), FetchCommand.Build(),
            StudyCommand.Build(), TraceCommand.Build(), InterveneCommand.Build(), MergeCommand.Build(), AnalyzeCommand.Build(), CompareCommand.Build(),
            GateCommand.Build(), ReportCommand.Build(), AcceptCommand.Build(), LedgerCommand.Build(), NoiseCommand.Build(), ExportCommand.Build(), SelftestCommand.Build(),
            Debug, VrpCommand.HelpWithExamples(), new VersionOption(),
        };
    }

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var parsed = Build().Parse(args);
        var debug = args.Contains("--debug");
        var wrong = parsed.Errors.Select(e => e.Message).Concat(UnknownOptions(parsed, args)).Distinct().ToArray();
        if (wrong.Length > 0)
        {
            // One line each, and where to look: System.CommandLine would print the whole help and exit with 1, a verdict of the gate.
            foreach (var message in wrong) error.WriteLine($"vrp: {message}");
            error.WriteLine($"vrp: see `{Path(parsed.CommandResult)} --help`.");
            return ExitCode.Usage;
        }
        try
        {
            // Signals are the process's own (Program.cs); the library's handler would end it after two seconds.
            var settings = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(settings);
        }
        catch (OperationCanceledException)
        {
            error.WriteLine(Interruption.Sentence(Interruption.Current.By));
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (Explain(e) is { } message)
        {
            error.WriteLine($"vrp: {(debug ? e.ToString() : message)}");
            return ExitCode.Usage;
        }
        catch (Exception e)
        {
            error.WriteLine($"vrp: internal error: {(debug ? e.ToString() : $"{e.GetType().Name}: {FirstLine(e.Message)}")}");
            if (!debug) error.WriteLine("vrp: run again with --debug for the stack trace, and report it.");
            return ExitCode.Internal;
        }
    }

    /// <summary>System.CommandLine takes a misspelt option for the next argument; a value that begins with a dash is one, unless it comes after <c>--</c>.</summary>
    static IEnumerable<string> UnknownOptions(ParseResult parsed, string[] args) =>
        parsed.Action is System.CommandLine.Help.HelpAction || args.Contains("--") ? [] :
        parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
            .Where(value => value.Length > 1 && value[0] == '-').Select(value => $"unknown option {value} (an argument that begins with a dash goes after --).");

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
