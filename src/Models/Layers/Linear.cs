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
        ShapeException.ThrowIfLastIsNot(weight.shape[1], x, "linear");                   // a shape error inside libtorch's product may end the process
        return nn.functional.linear(x, weight, bias);
    }
}

/// <summary>Cuts an image into P×P patches and maps each to D units: a convolution whose stride is its kernel, which is one matrix product over flattened
/// patches.</summary>
sealed class PatchEmbedding(Weights w)
{
    readonly Tensor weight = w["weight"];                                               // [D,C,P,P]
    readonly Tensor? bias = w.Has("bias") ? (Tensor)w["bias"] : null;

    public Tensor Forward(Tensor pixels)                                                // [N,C,H,W] → [N,patches,D]
    {
        long channels = weight.shape[1], size = weight.shape[2];
        if (pixels.dim() != 4 || pixels.shape[1] != channels || pixels.shape[2] % size != 0 || pixels.shape[3] % size != 0)
            throw new ShapeException("patch embedding", $"pixel_values [N, {channels}, H, W] with H and W multiples of {size}", ShapeException.Text(pixels));

        using var scope = NewDisposeScope();
        long n = pixels.shape[0], rows = pixels.shape[2] / size, columns = pixels.shape[3] / size;
        var patches = pixels.view(n, channels, rows, size, columns, size).permute(0, 2, 4, 1, 3, 5).reshape(n, rows * columns, channels * size * size);
        return Linear.Apply(patches, weight.view(weight.shape[0], channels * size * size), bias).MoveToOuterDisposeScope();
    }
}
