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

    /// <summary>What a model is computed in on a device by name, which need not be in this machine.</summary>
    public static ScalarType Planned(OpenedModel model, string device, string? dtype) => !IsDevice(device)
        ? throw new VrpException($"--device {device}: expected cpu, cuda or cuda:N.")
        : Dtype(dtype) ?? model.DefaultDtype(device == "cpu" ? DeviceType.CPU : DeviceType.CUDA);

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

/// <summary>How many threads libtorch's kernels use. TorchSharp starts with one; PyTorch uses the cores, and so does this. The number holds for the whole
/// process, and with it the last bits of a product can change: two computations that are to agree to the bit use the same.</summary>
static class Threads
{
    /// <summary>Environment variable for the default.</summary>
    public const string Variable = "VRP_THREADS";

    /// <param name="count">Null: <see cref="Variable"/>, else all cores that this process may use.</param>
    public static void Use(int? count)
    {
        EngineLibrary.EnsureLoaded();
        set_num_threads(Count(count));
    }

    /// <summary>How many that are.</summary>
    public static int Count(int? count) =>
        count is { } asked && (asked < 1 || asked > Most) ? throw new VrpException($"--threads {count}: expected at least 1 and at most {Most}, four times "
            + "the cores.")
        : count ?? FromEnvironment() ?? Environment.ProcessorCount;

    /// <summary>The most that are taken: stages hold a copy of the model for each, and libgomp crashes on a number that no machine has.</summary>
    public static int Most => 4 * Environment.ProcessorCount;

    static int? FromEnvironment() => Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= Most => count,
        var text => throw new VrpException($"{Variable}={text}: expected a number of threads, at least 1 and at most {Most}, four times the cores."),
    };
}
