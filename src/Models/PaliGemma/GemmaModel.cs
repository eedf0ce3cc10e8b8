using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
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

/// <summary>transformers: GemmaConfig. A PaliGemma config without text_config gets Gemma-2B, as PaliGemmaConfig does.</summary>
public sealed record GemmaConfig : ITextConfig
{
    public int VocabSize { get; init; } = 257152;
    public int HiddenSize { get; init; } = 2048;
    public int IntermediateSize { get; init; } = 16384;
    public int NumHiddenLayers { get; init; } = 18;
    public int NumAttentionHeads { get; init; } = 8;
    public int NumKeyValueHeads { get; init; } = 1;
    public int HeadDim { get; init; } = 256;
    public string HiddenAct { get; init; } = "gelu_pytorch_tanh";
    public double RmsNormEps { get; init; } = 1e-6;
    public double RopeTheta { get; init; } = 10000;
    public bool AttentionBias { get; init; }
    public bool TieWordEmbeddings { get; init; } = true;

    internal static GemmaConfig From(ConfigSection json)
    {
        VisionLanguageConfig.RequireModelType(json, "text_config", "gemma");
        VisionLanguageConfig.RequireUnscaledRope(json);
        var c = new GemmaConfig
        {
            VocabSize = json.Size("vocab_size", 256000),
            HiddenSize = json.Size("hidden_size", 3072),
            IntermediateSize = json.Size("intermediate_size", 24576),
            NumHiddenLayers = json.Size("num_hidden_layers", 28),
            NumAttentionHeads = json.Size("num_attention_heads", 16),
            NumKeyValueHeads = json.Size("num_key_value_heads", 16),
            HeadDim = json.Size("head_dim", 256),
            HiddenAct = json.String("hidden_act", "gelu_pytorch_tanh"),
            RmsNormEps = json.Double("rms_norm_eps", 1e-6),
            RopeTheta = VisionLanguageConfig.ReadRopeTheta(json, 10000),
            AttentionBias = json.Bool("attention_bias", false),
            TieWordEmbeddings = json.Bool("tie_word_embeddings", true),
        };
        VisionLanguageConfig.CheckHeads(json.Source, c);
        return c;
    }
}
