using TorchSharp;
using Vrp.Models;
using static TorchSharp.torch;

namespace Vrp.Harness.Running;

/// <summary>Devices and number formats by the names that options and vrp.json use.</summary>
static class ComputePlace
{
    public static ScalarType? Dtype(string? name) => name switch
    {
        null => null,
        "float32" or "fp32" => ScalarType.Float32,
        "bfloat16" or "bf16" => ScalarType.BFloat16,
        "float16" or "fp16" or "half" => ScalarType.Float16,
        _ => throw new VrpException($"--dtype {name}: expected float32, bfloat16 or float16."),
    };

    public static Device Device(string name)
    {
        if (name == "cpu") return CPU;
        var parts = name.Split(':');
        if (parts[0] != "cuda" || parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], out _))) throw new VrpException($"--device {name}: expected cpu, cuda or cuda:N.");
        if (!cuda.is_available()) throw new VrpException($"--device {name}: this libtorch sees no GPU. `vrp doctor` says what it found.");
        var index = parts.Length == 2 ? int.Parse(parts[1]) : 0;
        return index < cuda.device_count() ? new Device(DeviceType.CUDA, index) : throw new VrpException($"--device {name}: there are {cuda.device_count()} GPUs, numbered from 0.");
    }
}
