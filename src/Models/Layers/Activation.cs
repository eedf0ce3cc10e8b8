using TorchSharp;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>transformers' activation functions by the name a config gives them (activations.ACT2FN).</summary>
static class Activation
{
    /// <exception cref="UnsupportedConfigException">The name is not one of them.</exception>
    public static Func<Tensor, Tensor> ByName(string name) => name switch
    {
        "silu" or "swish" => x => nn.functional.silu(x),
        "gelu" => x => nn.functional.gelu(x),
        "gelu_pytorch_tanh" or "gelu_new" => x => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        "quick_gelu" => QuickGelu,
        "relu" => x => nn.functional.relu(x),
        _ => throw new UnsupportedConfigException($"config.json names the activation '{name}'; expected silu, gelu, gelu_pytorch_tanh, quick_gelu or relu. "
            + "Use a checkpoint with one of these."),
    };

    /// <summary>x · sigmoid(1.702 x), CLIP's approximation of GELU (Hendrycks &amp; Gimpel 2016, arXiv:1606.08415).</summary>
    static Tensor QuickGelu(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (x * sigmoid(x.Times(1.702))).MoveToOuterDisposeScope();
    }
}
