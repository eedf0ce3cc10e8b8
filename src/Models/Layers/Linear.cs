using TorchSharp;
using Vrp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>torch.nn.Linear: x Wᵀ + b with W [outputs, inputs] as the checkpoint stores it.</summary>
sealed class Linear(Weights w, long inputs, long outputs, bool bias)
{
    readonly Tensor weight = w.Take("weight", outputs, inputs);
    readonly Tensor? bias = bias ? w.Take("bias", outputs) : null;

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
sealed class PatchEmbedding(Weights w, long channels, long patchSize, long hiddenSize, bool bias)
{
    readonly Tensor weight = w.Take("weight", hiddenSize, channels, patchSize, patchSize);
    readonly Tensor? bias = bias ? w.Take("bias", hiddenSize) : null;

    public Tensor Forward(Tensor pixels)                                                // [N,C,H,W] → [N,patches,D]
    {
        if (pixels.dim() != 4 || pixels.shape[1] != channels || pixels.shape[2] % patchSize != 0 || pixels.shape[3] % patchSize != 0)
            throw new ShapeException("patch embedding", $"pixel_values [N, {channels}, H, W] with H and W multiples of {patchSize}",
                ShapeException.Text(pixels));

        using var scope = NewDisposeScope();
        long n = pixels.shape[0], rows = pixels.shape[2] / patchSize, columns = pixels.shape[3] / patchSize;
        var patches = pixels.view(n, channels, rows, patchSize, columns, patchSize).permute(0, 2, 4, 1, 3, 5)
            .reshape(n, rows * columns, channels * patchSize * patchSize);
        return Linear.Apply(patches, weight.view(hiddenSize, channels * patchSize * patchSize), bias).MoveToOuterDisposeScope();
    }
}
