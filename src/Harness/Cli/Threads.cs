using Vrp.Models;
using static TorchSharp.torch;

namespace Vrp.Harness.Cli;

/// <summary>How many threads libtorch's kernels use. TorchSharp starts with one; PyTorch uses the cores, and so does this.</summary>
static class Threads
{
    /// <param name="count">Null: all cores that this process may use.</param>
    public static void Use(int? count)
    {
        if (count < 1) throw new VrpException($"--threads {count}: expected at least 1.");
        set_num_threads(count ?? Environment.ProcessorCount);
    }
}
