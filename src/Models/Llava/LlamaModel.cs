using Vrp.Models.Checkpoints;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;

namespace Vrp.Models.Llava;

/// <summary>LLaVA's language model (Touvron et al. 2023, arXiv:2307.09288; transformers: LlamaForCausalLM): RMS norm, rotary positions, SiLU-gated
/// MLP.</summary>
sealed class LlamaModel(Weights w, LlamaConfig c, HookScope hooks) : TextModel(w["model"], w, c, hooks);
