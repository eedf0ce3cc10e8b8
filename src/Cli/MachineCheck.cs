using System.Reflection;
using System.Runtime.InteropServices;
using Vrp.Harness.Running;
using Vrp.Models.Engine;
using Vrp.Models.Images;
using static TorchSharp.torch;

namespace Vrp.Cli;

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
        var gpu = Gpu();            // first: a process that starts on the CPU never sees a GPU
        var (total, available) = MachineFacts.Memory;
        var version = typeof(MachineCheck).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        return
        [
            new("vrp", version),
            new(".NET", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription.Trim()}"),
            new("processor", $"{MachineFacts.Processor}, {Environment.ProcessorCount} cores, {MachineFacts.InstructionSet}"),
            new("memory", $"{MachineFacts.Gibibytes(total)}, {MachineFacts.Gibibytes(available)} available"),
            gpu,
            .. Libtorch(),
            Images(),
            HubCache(),
        ];
    }

    static IEnumerable<Finding> Libtorch()
    {
        try
        {
            Threads.Use(null);
            var configuration = EngineLibrary.Configuration();
            var hasOneDnn = configuration.Contains("oneDNN", StringComparison.OrdinalIgnoreCase)
                || configuration.Contains("MKL-DNN", StringComparison.Ordinal);
            return
            [
                new("libtorch", $"{__version__}, {EngineLibrary.PathOf("libtorch_cpu") ?? "loaded"}"
                    + $"{(EngineLibrary.NamedFolder is { } folder ? $" ({EngineLibrary.Variable}={folder})" : "")}"),
                new("TorchSharp", EngineLibrary.PatchedCopy is { } copy ? $"adapted to this machine's older libstdc++: {copy}"
                    : EngineLibrary.PathOf("libLibTorchSharp") ?? "loaded"),
                new("kernels", $"{EngineLibrary.CpuCapability()}, {(hasOneDnn ? "oneDNN" : "no oneDNN")}, "
                    + (configuration.Contains("Math Kernel Library", StringComparison.Ordinal) ? "MKL" : "no MKL")),
                new("threads", $"{get_num_threads()}"),
            ];
        }
        catch (EngineException e)
        {
            return [new("libtorch", e.Message, $"restore and build again (dotnet build), or set {EngineLibrary.Variable} to a folder with libtorch 2.10",
                Missing: true)];
        }
    }

    static Finding Gpu()
    {
        try
        {
            EngineLibrary.EnsureLoaded();                    // its failure is one line; TorchSharp's own is forty, and a copy of 480 MB
            return TryInitializeDeviceType(TorchSharp.DeviceType.CUDA) ? new("GPU", $"{cuda.device_count()} CUDA device(s)")
                : new("GPU", "none: everything runs on the CPU", EngineLibrary.HasNvidiaDriver ? EngineLibrary.CudaRemedy() : null);
        }
        catch (Exception e) when (e is NotSupportedException or EngineException or DllNotFoundException or TypeInitializationException or ExternalException)
        {
            return new("GPU", "unknown without libtorch");
        }
    }

    static Finding Images() =>
        ImageFile.DecoderVersion is { } version
            ? new("images", $"Skia {version}{(EngineLibrary.PathOf("libSkiaSharp") is { } path ? $", {path}" : "")}")
            : new("images", "libSkiaSharp cannot be loaded: no image can be read",
                "build on the system that runs this: each build holds the library of its own system", Missing: true);

    static Finding HubCache()
    {
        var folder = Vrp.Models.Checkpoints.Hub.HubCache.FromEnvironment().Root;
        var models = Directory.Exists(folder) ? Directory.GetDirectories(folder, "models--*").Length : 0;
        return new("hub cache", models > 0 ? $"{folder}, {models} models" : $"{folder}: no models there (checkpoint folders work without)");
    }
}
