using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
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
