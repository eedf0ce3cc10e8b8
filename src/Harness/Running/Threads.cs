using System.Globalization;
using Vrp.Models;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Harness.Running;

/// <summary>How many threads libtorch's kernels use. TorchSharp starts with one; PyTorch uses the cores, and so does this.
/// The number holds for the whole process, and with it the last bits of a product can change: two computations that are to agree to the bit use the
/// same.</summary>
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
