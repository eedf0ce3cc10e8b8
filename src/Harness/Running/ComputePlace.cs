using System.Globalization;
using System.Text.RegularExpressions;
using TorchSharp;
using Vrp.Models;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Harness.Running;

/// <summary>Devices and number formats by the names that options and vrp.json use.</summary>
static partial class ComputePlace
{
    static readonly Dictionary<string, ScalarType> dtypes = new()
    {
        ["float32"] = ScalarType.Float32, ["fp32"] = ScalarType.Float32,
        ["bfloat16"] = ScalarType.BFloat16, ["bf16"] = ScalarType.BFloat16,
        ["float16"] = ScalarType.Float16, ["fp16"] = ScalarType.Float16, ["half"] = ScalarType.Float16,
    };

    /// <summary>Whether a text names a device at all; whether this machine has it shows when a model is loaded.</summary>
    public static bool IsDevice(string name) => DeviceName().IsMatch(name);

    /// <summary>Whether a text names a number format; null is the device's default.</summary>
    public static bool IsDtype(string? name) => name is null || dtypes.ContainsKey(name);

    [GeneratedRegex(@"^(cpu|cuda(:\d{1,3})?)\z")]
    private static partial Regex DeviceName();

    public static ScalarType? Dtype(string? name) => name is null ? null
        : dtypes.TryGetValue(name, out var dtype) ? dtype : throw new VrpException($"--dtype {name}: expected float32, bfloat16 or float16.");

    public static Device Device(string name)
    {
        if (name == "cpu")
        {
            EngineLibrary.EnsureLoaded();
            return CPU;
        }
        var parts = name.Split(':');
        if (parts[0] != "cuda" || parts.Length > 2 || (parts.Length == 2
            && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture,
                out _))) throw new VrpException($"--device {name}: expected cpu, cuda or cuda:N.");
        EngineLibrary.Require(DeviceType.CUDA);
        var index = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        return index < cuda.device_count() ? new Device(DeviceType.CUDA, index)
            : throw new VrpException($"--device {name}: there are {cuda.device_count()} GPUs, numbered from 0.");
    }
}
