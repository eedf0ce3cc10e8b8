using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;

namespace Vrp.Models.Qwen2VL;

/// <summary>Qwen2-VL's language model (Yang et al. 2024, arXiv:2407.10671; transformers: Qwen2VLTextModel): biases on q, k and v, multimodal rotary
/// positions.</summary>
sealed class Qwen2VLTextModel(Weights w, Qwen2VLTextConfig c, HookScope hooks) : TextModel(w["model"], w, c, hooks, mropeSection: c.MropeSection);

/// <summary>transformers: Qwen2VLTextConfig.</summary>
/// <param name="json">text_config, or the root of the hub's flat form.</param>
/// <param name="root">The root, whose tie_word_embeddings speaks for a text_config that is silent.</param>
public sealed class Qwen2VLTextConfig(ConfigSection json, ConfigSection root) : ITextConfig
{
    const int KeyValueHeads = 8;

    /// <summary>null, where the key is there without a value: as many as attention heads.</summary>
    readonly int? numKeyValueHeads = json.SizeOrNull("num_key_value_heads")
        ?? (json.Json.TryGetProperty("num_key_value_heads", out _) ? null : KeyValueHeads);

    public int VocabSize { get; } = json.Size("vocab_size", 152064);
    public int HiddenSize { get; } = json.Size("hidden_size", 8192);
    public int IntermediateSize { get; } = json.Size("intermediate_size", 29568);
    public int NumHiddenLayers { get; } = json.Size("num_hidden_layers", 80);
    public int NumAttentionHeads { get; } = json.Size("num_attention_heads", 64);
    public int NumKeyValueHeads => numKeyValueHeads ?? NumAttentionHeads;
    public int HeadDim => HiddenSize / NumAttentionHeads;
    public string HiddenAct { get; } = json.String("hidden_act", "silu");
    public double RmsNormEps { get; } = json.Double("rms_norm_eps", 1e-5);
    public double RopeTheta { get; } = VisionLanguageConfig.ReadRopeTheta(json, 1_000_000);
    public bool AttentionBias => true;
    public bool AttentionOutputBias => false;
    public bool TieWordEmbeddings { get; } = VisionLanguageConfig.ReadTied(json, root, false);

    /// <summary>How many of a head's rotary frequencies turn with time, height and width; they sum to half a head.</summary>
    public IReadOnlyList<int> MropeSection { get; } =
        json.Section("rope_scaling").Ints("mrope_section", json.Section("rope_parameters").Ints("mrope_section", [16, 24, 24]));

    internal static Qwen2VLTextConfig From(ConfigSection root)
    {
        var json = root.Has("text_config") ? root.Section("text_config") : root;
        VisionLanguageConfig.RequireUnscaledRope(json);
        if (json.Bool("use_sliding_window", false))
            throw new UnsupportedConfigException($"{json.Source}: use_sliding_window is true; expected false, as in the published checkpoints. "
                + "Use one of those.");
        var c = VisionLanguageConfig.CheckHeads(json.Source, new Qwen2VLTextConfig(json, root));
        if (c.HiddenSize % c.NumAttentionHeads != 0) throw json.Unusable("hidden_size", $"a multiple of num_attention_heads, {c.NumAttentionHeads}");
        if (c.MropeSection.Count != 3 || c.MropeSection.Any(size => size < 0) || c.MropeSection.Sum(size => (long)size) != c.HeadDim / 2)
            throw new UnsupportedConfigException($"{json.Source}: mrope_section is [{string.Join(", ", c.MropeSection.Take(8))}]; expected three sizes (time, "
                + $"height, width) that sum to {c.HeadDim / 2}, half a head. Correct config.json or download it again.");
        return c;
    }
}
