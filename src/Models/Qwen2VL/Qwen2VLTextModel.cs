using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;

namespace Vrp.Models.Qwen2VL;

/// <summary>Qwen2-VL's language model (Yang et al. 2024, arXiv:2407.10671; transformers: Qwen2VLTextModel): biases on q, k and v, multimodal rotary
/// positions.</summary>
sealed class Qwen2VLTextModel(Weights w, Qwen2VLTextConfig c, HookScope hooks) : TextModel(w["model"], w, c, hooks, mropeSection: c.MropeSection);

/// <summary>transformers: Qwen2VLTextConfig.</summary>
public sealed record Qwen2VLTextConfig : ITextConfig
{
    public int VocabSize { get; init; } = 152064;
    public int HiddenSize { get; init; } = 8192;
    public int IntermediateSize { get; init; } = 29568;
    public int NumHiddenLayers { get; init; } = 80;
    public int NumAttentionHeads { get; init; } = 64;
    public int NumKeyValueHeads { get; init; } = 8;
    public string HiddenAct { get; init; } = "silu";
    public double RmsNormEps { get; init; } = 1e-5;
    public double RopeTheta { get; init; } = 1_000_000;
    public bool TieWordEmbeddings { get; init; }

    /// <summary>How many of a head's rotary frequencies turn with time, height and width; they sum to half a head.</summary>
    public IReadOnlyList<int> MropeSection { get; init; } = [16, 24, 24];

    public int HeadDim => HiddenSize / NumAttentionHeads;

    /// <param name="json">text_config, or the root of the hub's flat form.</param>
    /// <param name="root">The root, whose tie_word_embeddings speaks for a text_config that is silent.</param>
    internal static Qwen2VLTextConfig From(ConfigSection json, ConfigSection root)
    {
        VisionLanguageConfig.RequireUnscaledRope(json);
        if (json.Bool("use_sliding_window", false))
            throw new UnsupportedConfigException($"{json.Source}: use_sliding_window is true; expected false, as in the published checkpoints. "
                + "Use one of those.");
        var d = new Qwen2VLTextConfig();
        int heads = json.Size("num_attention_heads", d.NumAttentionHeads);
        var c = new Qwen2VLTextConfig
        {
            VocabSize = json.Size("vocab_size", d.VocabSize),
            HiddenSize = json.Size("hidden_size", d.HiddenSize),
            IntermediateSize = json.Size("intermediate_size", d.IntermediateSize),
            NumHiddenLayers = json.Size("num_hidden_layers", d.NumHiddenLayers),
            NumAttentionHeads = heads,
            NumKeyValueHeads = json.Size("num_key_value_heads", json.Json.TryGetProperty("num_key_value_heads", out _) ? heads : d.NumKeyValueHeads),
            HiddenAct = json.String("hidden_act", d.HiddenAct),
            RmsNormEps = json.Double("rms_norm_eps", d.RmsNormEps),
            RopeTheta = VisionLanguageConfig.ReadRopeTheta(json, d.RopeTheta),
            TieWordEmbeddings = json.Bool("tie_word_embeddings", root.Bool("tie_word_embeddings", d.TieWordEmbeddings)),
            MropeSection = json.Section("rope_scaling").Ints("mrope_section", json.Section("rope_parameters").Ints("mrope_section", [16, 24, 24])),
        };
        VisionLanguageConfig.CheckHeads(json.Source, c);
        if (c.HeadDim * heads != c.HiddenSize) throw json.Unusable("hidden_size", $"a multiple of num_attention_heads, {heads}");
        if (c.MropeSection.Count != 3 || c.MropeSection.Any(size => size < 0) || c.MropeSection.Sum() != c.HeadDim / 2)
            throw new UnsupportedConfigException($"{json.Source}: mrope_section is [{string.Join(", ", c.MropeSection)}]; expected three sizes (time, "
                + $"height, width) that sum to {c.HeadDim / 2}, half a head. Correct config.json or download it again.");
        return c;
    }
}
