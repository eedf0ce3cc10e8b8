using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>fc2(act(fc1(x))) (transformers: CLIPMLP, SiglipMLP, Qwen2-VL's VisionMlp).</summary>
sealed class VisionMlp(Weights w, string act, HookScope hooks)
{
    readonly Linear fc1 = new(w["fc1"]), fc2 = new(w["fc2"]);
    readonly Func<Tensor, Tensor> act_fn = Activation.ByName(act);
    readonly HookPoint hidden = hooks.Point("hidden");

    public Tensor Forward(Tensor x)                                                     // [..., D] → [..., D]
    {
        using var scope = NewDisposeScope();
        return fc2.Forward(hidden.At(act_fn(fc1.Forward(x)))).MoveToOuterDisposeScope();
    }

    public bool IsWanted => hidden.Need != HookNeed.None;
}
