using static TorchSharp.torch;

namespace Vrp.Models.Checkpoints;

/// <summary>The memory of tensors beyond 2 GiB, which <c>Tensor.bytes</c> cannot span.</summary>
static unsafe class TensorMemory
{
    /// <summary>The address of the first element of a one-dimensional, contiguous, non-empty CPU tensor; valid while the tensor lives.</summary>
    public static byte* Address(Tensor flat)
    {
        using var first = flat.narrow(0, 0, 1);
        fixed (byte* address = first.bytes) return address;     // native memory, which no collector moves
    }
}
