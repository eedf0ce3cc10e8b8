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
