using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>down_proj(act(gate_proj(x)) · up_proj(x)) (Shazeer 2020, arXiv:2002.05202; transformers: LlamaMLP, GemmaMLP, Qwen2MLP).</summary>
sealed class GatedMlp(Weights w, string act, HookScope hooks)
{
    readonly Linear gate_proj = new(w["gate_proj"]), up_proj = new(w["up_proj"]), down_proj = new(w["down_proj"]);
    readonly Func<Tensor, Tensor> act_fn = Activation.ByName(act);
    readonly HookPoint hidden = hooks.Point("hidden");

    public Tensor Forward(Tensor x)                                                     // [B,T,D] → [B,T,D]
    {
        using var scope = NewDisposeScope();
        var h = hidden.At(act_fn(gate_proj.Forward(x)) * up_proj.Forward(x));           // [B,T,I]
        return down_proj.Forward(h).MoveToOuterDisposeScope();
    }
}
