using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;

namespace Vrp.Models.Llava;

/// <summary>LLaVA's language model (Touvron et al. 2023, arXiv:2307.09288; transformers: LlamaForCausalLM): RMS norm, rotary positions, SiLU-gated
/// MLP.</summary>
sealed class LlamaModel(Weights w, LlamaConfig c, HookScope hooks) : TextModel(w["model"], w, c, hooks);

/// <summary>transformers: LlamaConfig, with its defaults (the sizes of LLaMA-7B).</summary>
public sealed record LlamaConfig : ITextConfig
{
    public int VocabSize { get; init; } = 32000;
    public int HiddenSize { get; init; } = 4096;
    public int IntermediateSize { get; init; } = 11008;
    public int NumHiddenLayers { get; init; } = 32;
    public int NumAttentionHeads { get; init; } = 32;
    public int NumKeyValueHeads { get; init; } = 32;
    public int HeadDim { get; init; } = 128;
    public string HiddenAct { get; init; } = "silu";
    public double RmsNormEps { get; init; } = 1e-6;
    public double RopeTheta { get; init; } = 10000;
    public bool AttentionBias { get; init; }
    public bool MlpBias { get; init; }
    public bool TieWordEmbeddings { get; init; }

    internal static LlamaConfig From(ConfigSection json)
    {
        VisionLanguageConfig.RequireModelType(json, "text_config", "llama");
        VisionLanguageConfig.RequireUnscaledRope(json);
        var d = new LlamaConfig();
        int hidden = json.Size("hidden_size", d.HiddenSize), heads = json.Size("num_attention_heads", d.NumAttentionHeads);
        var c = new LlamaConfig
        {
            VocabSize = json.Size("vocab_size", d.VocabSize),
            HiddenSize = hidden,
            IntermediateSize = json.Size("intermediate_size", d.IntermediateSize),
            NumHiddenLayers = json.Size("num_hidden_layers", d.NumHiddenLayers),
            NumAttentionHeads = heads,
            NumKeyValueHeads = json.Size("num_key_value_heads", heads),
            HeadDim = json.Size("head_dim", hidden / Math.Max(heads, 1)),
            HiddenAct = json.String("hidden_act", d.HiddenAct),
            RmsNormEps = json.Double("rms_norm_eps", d.RmsNormEps),
            RopeTheta = VisionLanguageConfig.ReadRopeTheta(json, d.RopeTheta),
            AttentionBias = json.Bool("attention_bias", d.AttentionBias),
            MlpBias = json.Bool("mlp_bias", d.MlpBias),
            TieWordEmbeddings = json.Bool("tie_word_embeddings", d.TieWordEmbeddings),
        };
        VisionLanguageConfig.CheckHeads(json.Source, c);
        return c;
    }
}
