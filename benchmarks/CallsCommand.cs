using System.CommandLine;
using BenchmarkDotNet.Running;

namespace Vrp.Benchmarks;

/// <summary><c>bench calls</c>: what one operator call costs from C#, with BenchmarkDotNet.</summary>
static class CallsCommand
{
    public static Command Build()
    {
        var command = new Command("calls", "The cost of one operator call (BenchmarkDotNet; minutes). Example: ./vrp bench calls");
        command.SetAction(_ =>
        {
            BenchmarkRunner.Run<OperatorCalls>();
            return 0;
        });
        return command;
    }
}
