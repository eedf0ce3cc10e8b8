using System.CommandLine;
using Vrp.Harness.Storage;

namespace Vrp.Cli;

/// <summary><c>vrp merge</c>: the shards of a stage, put together.</summary>
static class MergeCommand
{
    public static Command Build()
    {
        var folders = new Argument<string[]>("DIR") { Description = "The run folders of all shards.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "The run folder to make.", Required = true };
        var command = new VrpCommand("merge", "Put the shards of a run together. The result has the same bytes as a run that was never split.",
            "vrp merge shard-1/ shard-2/ shard-3/ --out run/");
        command.AddAll(folders, output);
        command.SetAction(r =>
        {
            foreach (var folder in StoreMerge.Run(r.GetValue(folders)!, r.GetValue(output)!))
                r.InvocationConfiguration.Output.WriteLine($"{folder}: complete");
            return ExitCode.Success;
        });
        return command;
    }
}
