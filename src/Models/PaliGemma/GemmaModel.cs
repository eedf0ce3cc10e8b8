using Vrp.Models.Checkpoints;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.PaliGemma;

/// <summary>PaliGemma's language model (Gemma team 2024, arXiv:2403.08295; transformers: GemmaForCausalLM): norms scale by 1 + weight, GELU-gated MLP,
/// multi-query attention with wide heads, embeddings times sqrt(D), head tied to the embeddings.</summary>
sealed class GemmaModel(Weights w, GemmaConfig c, HookScope hooks) : TextModel(w["model"], w, c, hooks, unitOffsetNorm: true)
{
    /// <summary>Times sqrt(D), rounded to the dtype as transformers does.</summary>
    public override Tensor Scale(Tensor inputs_embeds)
    {
        using var scope = NewDisposeScope();
        return (inputs_embeds * tensor((float)Math.Sqrt(c.HiddenSize)).to(inputs_embeds.dtype).to(inputs_embeds.device)).MoveToOuterDisposeScope();
    }
}
