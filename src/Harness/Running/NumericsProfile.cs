using System.Globalization;
using TorchSharp;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Harness.Running;

/// <summary>What decides the last bits of a result besides model and data: the same program gives slightly other sums with another library, processor or
/// number of threads.</summary>
public static class NumericsProfile
{
    /// <summary>The facts, for a <see cref="RunKey"/>.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(VisionLanguageModel model)
    {
        var onCpu = model.Device.type == DeviceType.CPU;
        yield return new("numerics.dtype", model.Dtype.ToString().ToLowerInvariant());
        yield return new("numerics.device", onCpu ? "cpu" : $"cuda, {GpuName}");
        yield return new("numerics.libtorch", __version__);
        if (!onCpu) yield break;
        yield return new("numerics.instructions", InstructionSet);
        yield return new("numerics.threads", get_num_threads().ToString(CultureInfo.InvariantCulture));     // products are split over them
    }

    /// <summary>What libtorch's own kernels use, and what was set for the libraries inside it (oneDNN, MKL), which choose for themselves.</summary>
    static string InstructionSet => string.Join(", ", ((string[])["ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR"])
        .Select(name => (name, value: Environment.GetEnvironmentVariable(name))).Where(setting => setting.value is { Length: > 0 })
        .Select(setting => $"{setting.name}={setting.value}").Prepend(EngineLibrary.CpuCapability()));

    /// <summary>As NVIDIA's driver names the first GPU.</summary>
    static string GpuName
    {
        get
        {
            const string Folder = "/proc/driver/nvidia/gpus";
            var model = Directory.Exists(Folder)
                ? Directory.GetDirectories(Folder).Order(StringComparer.Ordinal).Select(gpu => Path.Combine(gpu, "information")).Where(File.Exists)
                    .SelectMany(File.ReadAllLines).FirstOrDefault(line => line.StartsWith("Model:", StringComparison.Ordinal)) : null;
            return model?["Model:".Length..].Trim() ?? "unnamed";
        }
    }
}
