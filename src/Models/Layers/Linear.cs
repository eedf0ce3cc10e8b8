using TorchSharp;
using Vrp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>torch.nn.Linear: x Wᵀ + b with W [outputs, inputs] as the checkpoint stores it. The bias is there when the checkpoint has one.</summary>
sealed class Linear(Weights w)
{
    readonly Tensor weight = w["weight"];
    readonly Tensor? bias = w.Has("bias") ? (Tensor)w["bias"] : null;

    public Tensor Forward(Tensor x) => Apply(x, weight, bias);                          // [..., inputs] → [..., outputs]

    /// <summary>The same with a weight that is shared (a head tied to the embeddings).</summary>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor? bias = null)
    {
        long[] shape = x.shape;
        ShapeException.ThrowIfLastIsNot(weight.shape[1], x, "linear");
        bool oneRow = Array.TrueForAll(shape[..^1], size => size == 1);
        if (!oneRow || x.dtype != ScalarType.Float32 || x.device_type != DeviceType.CPU) return nn.functional.linear(x, weight, bias);

        // One row, as in decoding: libtorch's linear calls a matrix-matrix product, which with OpenBLAS streams the weights 2.6 times as slowly as its
        // matrix-vector product (24 against 9 GB/s).
        using var scope = NewDisposeScope();
        var row = x.reshape(-1);
        shape[^1] = weight.shape[0];
        return (bias is null ? weight.mv(row) : bias.addmv(weight, row)).view(shape).MoveToOuterDisposeScope();
    }
}
