using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>Tensors whose shapes do not go together. Checked before the operator runs: inside libtorch some such errors end the process.</summary>
public sealed class ShapeException(string operation, string expected, string got)
    : VrpException($"{operation}: expected {expected}, got {got}. Check the input's shape against the checkpoint's config.json.")
{
    internal static void ThrowIfLastIsNot(long size, Tensor x, string operation)
    {
        if (x.dim() == 0 || x.shape[^1] != size) throw new ShapeException(operation, $"[…, {size}]", Text(x));
    }

    internal static string Text(Tensor x) => $"[{string.Join(", ", x.shape)}]";
}
