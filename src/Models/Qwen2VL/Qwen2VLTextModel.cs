using Vrp.Models.Checkpoints;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;

namespace Vrp.Models.Qwen2VL;

/// <summary>Qwen2-VL's language model (Yang et al. 2024, arXiv:2407.10671; transformers: Qwen2VLTextModel): biases on q, k and v, multimodal rotary
/// positions.</summary>
sealed class Qwen2VLTextModel(Weights w, Qwen2VLTextConfig c, HookScope hooks) : TextModel(w["model"], w, c, hooks, mropeSection: c.MropeSection);
