using Vrp.Harness.Running;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary>Entry point of <c>vrp</c>; the dotnet tool (src/Tool) calls it too.</summary>
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
            Console.Error.WriteLine($"vrp: {error.Message}");
            return ExitCode.Usage;
        }

        using (signals) return await CommandLine.RunAsync(args, Console.Out, Console.Error);
    }
}
