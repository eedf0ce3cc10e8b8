using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;

namespace Vrp.Models.Llava;

/// <summary>LLaVA's language model (Touvron et al. 2023, arXiv:2307.09288; transformers: LlamaForCausalLM): RMS norm, rotary positions, SiLU-gated
/// MLP.</summary>
sealed class LlamaModel(Weights w, LlamaConfig c, HookScope hooks) : TextModel(w["model"], w, c, hooks);

/// <summary>transformers: LlamaConfig, with its defaults (the sizes of LLaMA-7B).</summary>
public sealed class LlamaConfig(ConfigSection json, ConfigSection root) : ITextConfig
{
    readonly int? numKeyValueHeads = json.SizeOrNull("num_key_value_heads"), headDim = json.SizeOrNull("head_dim");

    public int VocabSize { get; } = json.Size("vocab_size", 32000);
    public int HiddenSize { get; } = json.Size("hidden_size", 4096);
    public int IntermediateSize { get; } = json.Size("intermediate_size", 11008);
    public int NumHiddenLayers { get; } = json.Size("num_hidden_layers", 32);
    public int NumAttentionHeads { get; } = json.Size("num_attention_heads", 32);
    public int NumKeyValueHeads => numKeyValueHeads ?? NumAttentionHeads;
    public int HeadDim => headDim ?? HiddenSize / NumAttentionHeads;
    public string HiddenAct { get; } = json.String("hidden_act", "silu");
    public double RmsNormEps { get; } = json.Double("rms_norm_eps", 1e-6);
    public double RopeTheta { get; } = VisionLanguageConfig.ReadRopeTheta(json, 10000);
    public bool AttentionBias { get; } = json.Bool("attention_bias", false);
    public bool MlpBias { get; } = json.Bool("mlp_bias", false);
    public bool TieWordEmbeddings { get; } = VisionLanguageConfig.ReadTied(json, root, false);

    internal static LlamaConfig From(ConfigSection root)
    {
        var json = root.Section("text_config");
        VisionLanguageConfig.RequireModelType(json, "text_config", "llama");
        VisionLanguageConfig.RequireUnscaledRope(json);
        return VisionLanguageConfig.CheckHeads(json.Source, new LlamaConfig(json, root));
    }
}
