using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Llava;

/// <summary>Two linear layers from the vision tower's units to the language model's (arXiv:2310.03744 §3.3; transformers: LlavaMultiModalProjector).</summary>
sealed class LlavaMultiModalProjector(Weights w, string act)
{
    readonly Linear linear_1 = new(w["linear_1"]), linear_2 = new(w["linear_2"]);
    readonly Func<Tensor, Tensor> act_fn = Activation.ByName(act);

    public Tensor Forward(Tensor features)                                              // [N,patches,Dv] → [N,patches,D]
    {
        using var scope = NewDisposeScope();
        return linear_2.Forward(act_fn(linear_1.Forward(features))).MoveToOuterDisposeScope();
    }
}
