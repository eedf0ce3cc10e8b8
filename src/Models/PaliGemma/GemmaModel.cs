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

/// <summary>transformers: GemmaConfig.</summary>
public sealed class GemmaConfig(ConfigSection json, ConfigSection root) : ITextConfig
{
    /// <summary>What PaliGemmaConfig takes where text_config is left out: Gemma-2B, with the vocabulary that the root says.</summary>
    const string OfPaliGemma = """
        {"hidden_size":2048,"intermediate_size":16384,"num_hidden_layers":18,"num_attention_heads":8,"num_key_value_heads":1}
        """;

    public int VocabSize { get; private init; } = json.Size("vocab_size", 256000);
    public int HiddenSize { get; } = json.Size("hidden_size", 3072);
    public int IntermediateSize { get; } = json.Size("intermediate_size", 24576);
    public int NumHiddenLayers { get; } = json.Size("num_hidden_layers", 28);
    public int NumAttentionHeads { get; } = json.Size("num_attention_heads", 16);
    public int NumKeyValueHeads { get; } = json.Size("num_key_value_heads", 16);
    public int HeadDim { get; } = json.Size("head_dim", 256);
    public string HiddenAct { get; } = json.String("hidden_act", "gelu_pytorch_tanh");
    public double RmsNormEps { get; } = json.Double("rms_norm_eps", 1e-6);
    public double RopeTheta { get; } = VisionLanguageConfig.ReadRopeTheta(json, 10000);
    public bool AttentionBias { get; } = json.Bool("attention_bias", false);
    public bool TieWordEmbeddings { get; } = VisionLanguageConfig.ReadTied(json, root, true);

    internal static GemmaConfig From(ConfigSection root)
    {
        if (!root.Has("text_config")) return new(ConfigSection.Parse(OfPaliGemma, root.Source), root) { VocabSize = root.Size("vocab_size", 257152) };
        var json = root.Section("text_config");
        VisionLanguageConfig.RequireModelType(json, "text_config", "gemma");
        VisionLanguageConfig.RequireUnscaledRope(json);
        return VisionLanguageConfig.CheckHeads(json.Source, new GemmaConfig(json, root));
    }
}
