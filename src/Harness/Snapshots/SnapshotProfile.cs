using TorchSharp;
using Vrp.Harness.Running;
using Vrp.Models;
using static TorchSharp.torch;

namespace Vrp.Harness.Snapshots;

/// <summary>The name that tolerances go by: device and precision. Within one name, processors, thread counts and libtorch versions differ by what <c>vrp
/// noise</c> measured
/// (<see cref="NumericsProfile"/> lists all facts; a trace is keyed by them).</summary>
public static class SnapshotProfile
{
    /// <summary>For example "cpu-float32" or "cuda-bfloat16".</summary>
    public static string Of(VisionLanguageModel model) => Of(model.Device.type == DeviceType.CPU ? "cpu" : "cuda", model.Dtype.ToString());

    /// <summary>Of names as the command line has them: "cuda:1" and "bf16" too.</summary>
    public static string Of(string device, string dtype) =>
        $"{device.Split(':')[0].ToLowerInvariant()}-{ComputePlace.Dtype(dtype.ToLowerInvariant())!.Value.ToString().ToLowerInvariant()}";

    /// <summary>What the arithmetic of a run was done with, from the facts of its trace: a GPU's name, or the CPU kernels and what was set for them, and
    /// libtorch.</summary>
    public static string Kernels(IReadOnlyDictionary<string, string> facts)
    {
        var kernels = facts["numerics.device"] is var device && device == "cpu" ? facts.GetValueOrDefault("numerics.instructions") ?? "unknown CPU kernels" : device;
        return $"{kernels}, libtorch {facts["numerics.libtorch"]}";
    }
}
