using System.Reflection;
using System.Runtime.InteropServices;
using Vrp.Harness.Running;
using Vrp.Models.Processing.Images;
using static TorchSharp.torch;

namespace Vrp.Harness.Cli;

/// <summary>Looks at everything that the harness stands on.</summary>
static class MachineCheck
{
    /// <param name="What">The thing looked for.</param>
    /// <param name="Found">What there is.</param>
    /// <param name="Remedy">What to do about it, when something should be done.</param>
    /// <param name="Missing">Whether the harness cannot work without it.</param>
    public sealed record Finding(string What, string Found, string? Remedy = null, bool Missing = false);

    public static List<Finding> Run()
    {
        Threads.Use(null);
        var (total, available) = MachineFacts.Memory;
        var version = typeof(MachineCheck).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        return
        [
            new("vrp", version),
            new(".NET", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription.Trim()}"),
            new("processor", $"{MachineFacts.Processor}, {Environment.ProcessorCount} cores, {MachineFacts.InstructionSet}"),
            new("memory", $"{MachineFacts.Gibibytes(total)}, {MachineFacts.Gibibytes(available)} available"),
            .. Libtorch(),
            Gpu(),
            TurboJpeg(),
            HubCache(),
        ];
    }

    static IEnumerable<Finding> Libtorch()
    {
        Finding[] findings;
        try
        {
            using var probe = ones(64, 64);
            using var product = probe.matmul(probe);         // the first product loads the BLAS library
            var blas = MachineFacts.LoadedLibrary("openblas") ?? MachineFacts.LoadedLibrary("mkl") ?? MachineFacts.LoadedLibrary("libblas");
            var reference = blas is not null && !blas.Contains("openblas", StringComparison.Ordinal) && !blas.Contains("mkl", StringComparison.Ordinal);
            findings =
            [
                new("libtorch", $"{Provider}{(MachineFacts.LoadedLibrary("libtorch_cpu") is { } path ? $", {path}" : "")}"),
                new("BLAS", blas ?? "inside libtorch", reference ? "the reference BLAS is some 20 times slower: apt-get install libopenblas0-pthread" : null),
                new("threads", $"{get_num_threads()}"),
            ];
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or ExternalException)
        {
            findings = [new("libtorch", $"cannot be loaded: {(e.InnerException ?? e).Message.Split('\n')[0]}", "apt-get install libtorch-dev libopenblas0-pthread, or set TorchHome to another libtorch and build again", Missing: true)];
        }
        return findings;
    }

    static string Provider =>
#if TORCH_SYSTEM
        $"{__version__}, provider system";
#else
        $"TorchSharp {__version__}";
#endif

    static Finding Gpu()
    {
        try
        {
            return cuda.is_available() ? new("GPU", $"{cuda.device_count()} CUDA device(s)") : new("GPU", "none that this libtorch sees (everything runs on the CPU)");
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or ExternalException)
        {
            return new("GPU", "unknown without libtorch");
        }
    }

    static Finding TurboJpeg() =>
        JpegCodec.Library is { } library
            ? new("JPEG", MachineFacts.LoadedLibrary("turbojpeg") ?? library)
            : new("JPEG", "libturbojpeg is missing: JPEG pictures cannot be read", "apt-get install libturbojpeg0 (Ubuntu: libturbojpeg)", Missing: true);

    static Finding HubCache()
    {
        var folder = Environment.GetEnvironmentVariable("HF_HUB_CACHE")
            ?? Path.Combine(Environment.GetEnvironmentVariable("HF_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "huggingface"), "hub");
        var models = Directory.Exists(folder) ? Directory.GetDirectories(folder, "models--*").Length : 0;
        return new("hub cache", models > 0 ? $"{folder}, {models} models" : $"{folder}: no models there (checkpoint folders work without)");
    }
}
