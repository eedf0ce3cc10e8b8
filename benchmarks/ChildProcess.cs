using System.Diagnostics;
using System.Text.Json;

namespace Vrp.Benchmarks;

/// <summary>This program once more, in a process of its own: a peak of memory is a process's.</summary>
static class ChildProcess
{
    /// <summary>Runs it and reads the last line of its standard output, which is JSON.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static T Measure<T>(string[] arguments, JsonSerializerOptions names)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<T>(text.Trim().Split('\n')[^1], names)!
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}: {text}");
    }
}
