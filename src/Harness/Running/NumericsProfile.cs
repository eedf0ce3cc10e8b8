using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using Vrp.Models;
using static TorchSharp.torch;

namespace Vrp.Harness.Running;

/// <summary>What decides the last bits of a result besides model and data: the same program gives slightly other sums with another library, processor or
/// number of threads.</summary>
public static class NumericsProfile
{
    /// <summary>The facts, for a <see cref="RunKey"/>.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(VisionLanguageModel model)
    {
        bool onCpu = model.Device.type == DeviceType.CPU;
        yield return new("numerics.dtype", model.Dtype.ToString().ToLowerInvariant());
        yield return new("numerics.device", onCpu ? "cpu" : $"cuda, {GpuName}");
        yield return new("numerics.provider", Provider);
        yield return new("numerics.libtorch", __version__);
        if (!onCpu) yield break;
        yield return new("numerics.instructions", InstructionSet);
        yield return new("numerics.threads", get_num_threads().ToString(CultureInfo.InvariantCulture));     // products are split over them
    }

#if TORCH_SYSTEM
    const string Provider = "system";
#else
    const string Provider = "TorchSharp";
#endif

    static string InstructionSet => Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : Sse42.IsSupported ? "SSE4.2"
        : RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "NEON" : "scalar";

    /// <summary>As NVIDIA's driver names the first GPU.</summary>
    static string GpuName
    {
        get
        {
            const string Folder = "/proc/driver/nvidia/gpus";
            string? model = Directory.Exists(Folder)
                ? Directory.GetDirectories(Folder).Order(StringComparer.Ordinal).Select(gpu => Path.Combine(gpu, "information")).Where(File.Exists)
                    .SelectMany(File.ReadAllLines).FirstOrDefault(line => line.StartsWith("Model:", StringComparison.Ordinal)) : null;
            return model?["Model:".Length..].Trim() ?? "unnamed";
        }
    }
}
