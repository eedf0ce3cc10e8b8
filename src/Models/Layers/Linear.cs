using TorchSharp;
using Vrp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>torch.nn.Linear: x Wᵀ + b with W [outputs, inputs] as the checkpoint stores it. The bias is there when the checkpoint has one.</summary>
sealed class Linear(Weights w)
{
    readonly Tensor weight = w["weight"];
    readonly Tensor? bias = w.Has("bias") ? (Tensor)w["bias"] : null;

    public long OutputSize => weight.shape[0];

    public Tensor Forward(Tensor x)                                                     // [..., inputs] → [..., outputs]
    {
        ShapeException.ThrowIfLastIsNot(weight.shape[1], x, "linear");
        return nn.functional.linear(x, weight, bias);
    }
}
