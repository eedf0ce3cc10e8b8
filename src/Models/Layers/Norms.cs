using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>x / sqrt(mean(x²) + eps), in float32 whatever x's dtype (Zhang &amp; Sennrich 2019, arXiv:1910.07467), times a weight. LLaMA and Qwen2
/// (transformers: LlamaRMSNorm) round to x's dtype before they multiply by the weight; Gemma (GemmaRMSNorm) multiplies by 1 + weight in float32 and rounds
/// last.</summary>
sealed class RmsNorm(Weights w, long size, double eps, bool unitOffset = false)
{
    readonly Tensor weight = w.Take("weight", size);

    /// <summary>What a unit is multiplied by after the division: the weight, in Gemma 1 + weight. float32 [D].</summary>
    public Tensor Gain => unitOffset ? weight.to(ScalarType.Float32).Plus(1) : weight.to(ScalarType.Float32);

    /// <summary>What x is divided by, inverted: 1 / sqrt(mean(x²) + eps), float32 [..., 1].</summary>
    public Tensor InverseRms(Tensor x)
    {
        using var scope = NewDisposeScope();
        return rsqrt(x.to(ScalarType.Float32).Squared().mean([-1], keepdim: true).Plus(eps)).MoveToOuterDisposeScope();
    }

    public Tensor Forward(Tensor x)                                                     // [..., D] → [..., D]
    {
        using var scope = NewDisposeScope();
        ShapeException.ThrowIfLastIsNot(size, x, "RMS norm");
        var dtype = x.dtype;
        var wide = dtype == ScalarType.Float32 ? x : x.to(ScalarType.Float32);
        var normed = wide * rsqrt(wide.Squared().mean([-1], keepdim: true).Plus(eps));
        if (unitOffset)
        {
            var scaled = normed * weight.to(ScalarType.Float32).Plus(1);
            return (dtype == ScalarType.Float32 ? scaled : scaled.to(dtype)).MoveToOuterDisposeScope();
        }
        return (weight * (dtype == ScalarType.Float32 ? normed : normed.to(dtype))).MoveToOuterDisposeScope();
    }
}

/// <summary>torch.nn.LayerNorm over the last dimension, with weight and bias.</summary>
sealed class LayerNorm(Weights w, long size, double eps)
{
    readonly Tensor weight = w.Take("weight", size), bias = w.Take("bias", size);

    public Tensor Forward(Tensor x)                                                     // [..., D] → [..., D]
    {
        ShapeException.ThrowIfLastIsNot(size, x, "layer norm");
        return nn.functional.layer_norm(x, weight.shape, weight, bias, eps);
    }
}
