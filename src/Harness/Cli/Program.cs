namespace Vrp.Harness.Cli;

static class Program
{
    static Task<int> Main(string[] args) => CommandLine.RunAsync(args, Console.Out, Console.Error);
}
