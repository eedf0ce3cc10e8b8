using Vrp.Harness.Running;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary>Entry point of <c>vrp</c>.</summary>
static class Program
{
    internal static async Task<int> Main(string[] args)
    {
        Interruption signals;
        try
        {
            signals = Interruption.Listen(Console.Error);
        }
        catch (VrpException error)
        {
            ConsoleWriter.Of(Console.Error).Say(error.Message);
            return ExitCode.Usage;
        }

        using (signals) return await CommandLine.RunAsync(args, Console.Out, Console.Error);
    }
}
