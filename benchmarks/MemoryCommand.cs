using System.CommandLine;
using System.Globalization;
using Vrp.Models;
using static TorchSharp.torch;

namespace Vrp.Benchmarks;

/// <summary><c>bench memory</c>: loads a checkpoint in this process and prints its peak resident memory, for <see cref="EngineCommand"/>, which asks a fresh
/// process.</summary>
static class MemoryCommand
{
    public static Command Build()
    {
        var checkpoint = new Argument<string>("CHECKPOINT");
        var command = new Command("memory", "Load a checkpoint and print the process's peak resident memory in bytes. Example: ./vrp bench memory "
            + "artifacts/bench-checkpoint") { checkpoint };
        command.SetAction(r =>
        {
            set_num_threads(Environment.ProcessorCount);
            using var model = VisionLanguageModel.Load(r.GetValue(checkpoint)!);
            Console.WriteLine(PeakResidentBytes().ToString(CultureInfo.InvariantCulture));
            return 0;
        });
        return command;
    }

    /// <summary>VmHWM. Pages of the mapped file count as long as they are resident, as they do for a memory limit.</summary>
    internal static long PeakResidentBytes() =>
        long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ',
            StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
}
