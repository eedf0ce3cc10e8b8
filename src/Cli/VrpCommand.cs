using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Vrp.Cli;

/// <summary>A command whose help ends with examples that can be pasted.</summary>
public sealed class VrpCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Arguments and options in the order in which the help shows them.</summary>
    internal void AddAll(params IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
            if (symbol is Argument argument) Add(argument);
            else Add((Option)symbol);
    }

    /// <summary>A help option that prints the examples of the command asked about after the usual help.</summary>
    internal static HelpOption HelpWithExamples()
    {
        var option = new HelpOption { Recursive = true };
        option.Action = new WithExamples((SynchronousCommandLineAction)option.Action!);
        return option;
    }

    internal sealed class WithExamples(SynchronousCommandLineAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult result)
        {
            var code = usual.Invoke(result);
            if (result.CommandResult.Command is VrpCommand { Examples.Count: > 0 } command)
            {
                var output = result.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (var example in command.Examples) output.WriteLine($"  {example}");
                output.WriteLine();
            }
            return code;
        }
    }
}
