namespace Vrp.Harness.Cli;

/// <summary>Entry point of <c>vrp</c>; the dotnet tool (src/Tool) calls it too.</summary>
static class Program
{
    internal static Task<int> Main(string[] args) => CommandLine.RunAsync(args, Console.Out, Console.Error);
}
