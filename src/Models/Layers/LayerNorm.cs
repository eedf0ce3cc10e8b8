using TorchSharp;
using Vrp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>torch.nn.LayerNorm over the last dimension, with weight and bias.</summary>
sealed class LayerNorm(Weights w, double eps)
{
    readonly Tensor weight = w["weight"], bias = w["bias"];

    public Tensor Forward(Tensor x)                                                     // [..., D] → [..., D]
    {
        ShapeException.ThrowIfLastIsNot(weight.shape[0], x, "layer norm");
        return nn.functional.layer_norm(x, weight.shape, weight, bias, eps);
    }
}
