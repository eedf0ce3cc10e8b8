using System.CommandLine;

namespace Vrp.Benchmarks;

/// <summary><c>bench probes</c>: the analysis of a real-size study on made-up states.</summary>
static class ProbesCommand
{
    public static Command Build()
    {
        var rows = new Option<int>("--rows") { Description = "Samples.", DefaultValueFactory = _ => 3090 };
        var layers = new Option<int>("--layers") { DefaultValueFactory = _ => 32 };
        var units = new Option<int>("--units") { DefaultValueFactory = _ => 4096 };
        var permutations = new Option<int>("--permutations") { Description = "Of the whole L2 pipeline; 0 leaves them out.", DefaultValueFactory = _ => 0 };
        var command = new Command("probes", "Probes and bootstraps over made-up states (default: LLaVA-1.5-7B's size, 1.6 GB). Example: ./vrp bench probes "
            + "--rows 1000 --layers 4 --units 1024") { rows, layers, units, permutations };
        command.SetAction(r =>
        {
            ProbeBenchmark.Run(r.GetValue(rows), r.GetValue(layers), r.GetValue(units), r.GetValue(permutations), Console.Out);
            return 0;
        });
        return command;
    }
}
