using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Vrp.Cli;

/// <summary>What the operating system says of this machine, for <c>doctor</c> and for the run facts of a report.</summary>
static class MachineFacts
{
    /// <summary>Name of the processor as the kernel gives it; the architecture where it gives none.</summary>
    public static string Processor =>
        ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
        ?? RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>The widest vector instructions that kernels may choose here: the same code gives slightly other sums on each.</summary>
    public static string InstructionSet =>
        Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : Sse42.IsSupported ? "SSE4.2"
        : RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "NEON" : "scalar";

    /// <summary>Installed and available memory in bytes (0 where the kernel does not say).</summary>
    public static (long Total, long Available) Memory
    {
        get
        {
            var lines = ReadLines("/proc/meminfo");
            return (Kilobytes("MemTotal:"), Kilobytes("MemAvailable:"));

            long Kilobytes(string key) =>
                lines.FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) is { } line
                && long.TryParse(line.AsSpan(key.Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture, out var kb) ? kb * 1024 : 0;
        }
    }

    public static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GiB";

    static string[] ReadLines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];
}
