using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>down_proj(act(gate_proj(x)) · up_proj(x)) (Shazeer 2020, arXiv:2002.05202; transformers: LlamaMLP, GemmaMLP, Qwen2MLP).</summary>
sealed class GatedMlp(Weights w, ITextConfig c, HookScope hooks)
{
    readonly Linear gate_proj = new(w["gate_proj"], c.HiddenSize, c.IntermediateSize, c.MlpBias),
        up_proj = new(w["up_proj"], c.HiddenSize, c.IntermediateSize, c.MlpBias);
    readonly Linear down_proj = new(w["down_proj"], c.IntermediateSize, c.HiddenSize, c.MlpBias);
    readonly Func<Tensor, Tensor> act_fn = Activation.ByName(c.HiddenAct);
    readonly HookPoint hidden = hooks.Point("hidden");

    public Tensor Forward(Tensor x)                                                     // [B,T,D] → [B,T,D]
    {
        using var scope = NewDisposeScope();
        var h = hidden.At(act_fn(gate_proj.Forward(x)) * up_proj.Forward(x));           // [B,T,I]
        return down_proj.Forward(h).MoveToOuterDisposeScope();
    }
}

/// <summary>fc2(act(fc1(x))) (transformers: CLIPMLP, SiglipMLP, Qwen2-VL's VisionMlp).</summary>
sealed class VisionMlp(Weights w, long hiddenSize, long intermediateSize, string act, HookScope hooks)
{
    readonly Linear fc1 = new(w["fc1"], hiddenSize, intermediateSize, bias: true), fc2 = new(w["fc2"], intermediateSize, hiddenSize, bias: true);
    readonly Func<Tensor, Tensor> act_fn = Activation.ByName(act);
    readonly HookPoint hidden = hooks.Point("hidden");

    public Tensor Forward(Tensor x)                                                     // [..., D] → [..., D]
    {
        using var scope = NewDisposeScope();
        return fc2.Forward(hidden.At(act_fn(fc1.Forward(x)))).MoveToOuterDisposeScope();
    }

    public bool IsWanted => hidden.Need != HookNeed.None;
}

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
