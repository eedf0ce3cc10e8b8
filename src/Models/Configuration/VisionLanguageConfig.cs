using System.Text.Json;
using Vrp.Models.Checkpoints;
using Vrp.Models.Images;

namespace Vrp.Models.Configuration;

/// <summary>A config.json. Each key is read at its property; values that the file leaves out are transformers 4.57's defaults.</summary>
public abstract class VisionLanguageConfig
{
    /// <summary>transformers' <c>model_type</c>.</summary>
    public abstract string ModelType { get; }

    /// <summary>The language model's config.</summary>
    public abstract ITextConfig Text { get; }

    /// <summary>The token of one image feature in input_ids.</summary>
    public abstract int ImageTokenId { get; }

    /// <summary>Number of blocks of the vision tower.</summary>
    public abstract int VisionLayers { get; }

    /// <summary>Whether a prompt's states depend only on what comes before them, so that prompts with a common beginning may share its states.</summary>
    public virtual bool ReadsCausally => true;

    /// <summary>How the image tokens of one image lie over it, without tokens that have no place (a class token).</summary>
    /// <param name="processed">What the image processor made of a batch.</param>
    /// <param name="index">Of the image.</param>
    public abstract (int Rows, int Columns) ImageGrid(ProcessedImages processed, int index);

    /// <summary>Names (the hub's) and shapes of the tensors that a checkpoint of this config must hold, no more and no less: what the model's constructors ask
    /// for, in that order.</summary>
    /// <param name="stored">How many tensors the checkpoint holds, where there is one: a config of more blocks is refused before they are counted up.</param>
    /// <exception cref="UnsupportedConfigException">More blocks than stored tensors.</exception>
    public IReadOnlyDictionary<string, long[]> ExpectedTensors(int stored = int.MaxValue)
    {
        foreach (var (blocks, what) in new[] { (Text.NumHiddenLayers, "language model"), (VisionLayers, "vision tower") })
            if (blocks > stored)
                throw new UnsupportedConfigException($"config.json gives the {what} {blocks} blocks, and the checkpoint holds {stored} tensors in all; "
                    + "expected several tensors a block. Correct config.json or download the checkpoint again.");
        var asked = new Dictionary<string, long[]>(StringComparer.Ordinal);
        using var model = ModelFamilies.For(ModelType).Model(this, Weights.ThatRecord(asked));
        return asked;
    }

    /// <summary>Reads config.json's root object; <paramref name="source"/> names the file in errors.</summary>
    /// <exception cref="UnsupportedConfigException">Another family, or something that is not computed here.</exception>
    public static VisionLanguageConfig FromJson(JsonElement json, string source)
    {
        var root = ConfigSection.From(json, source);
        var modelType = root.String("model_type");
        return ModelFamilies.Find(modelType)?.Config(root)
            ?? throw new UnsupportedConfigException($"{source}: model_type is '{modelType}'; expected {ModelFamilies.Names}. Use a checkpoint of one of these "
                + "families.");
    }

    /// <summary>Parts of a family that a config can name and this program lacks (a Gemma 2 text model, say).</summary>
    internal static void RequireModelType(ConfigSection section, string key, string expected)
    {
        if (section.String("model_type", expected) is var got && got != expected)
            throw new UnsupportedConfigException($"{section.Source}: {key}.model_type is '{got}'; expected '{expected}'. "
                + $"Use a checkpoint whose {key} is a {expected}.");
    }

    /// <summary>transformers' rope_theta, which newer files keep in rope_parameters.</summary>
    internal static double ReadRopeTheta(ConfigSection text, double absent) =>
        text.Double("rope_theta", text.Section("rope_parameters").Double("rope_theta", absent));

    /// <summary>Whether the head is the embedding: the text config says, else the root. Where both speak they must agree.</summary>
    internal static bool ReadTied(ConfigSection text, ConfigSection root, bool absent)
    {
        const string Key = "tie_word_embeddings";
        bool atRoot = root.Bool(Key, absent), ofText = text.Bool(Key, atRoot);
        return ofText == atRoot || !root.Has(Key) ? ofText : throw root.Unusable(Key, $"{(ofText ? "true" : "false")}, as text_config says");
    }

    /// <summary>Only unscaled rotary frequencies are computed here; no published checkpoint of these families scales them.</summary>
    internal static void RequireUnscaledRope(ConfigSection text)
    {
        foreach (var key in (string[])["rope_scaling", "rope_parameters"])
        {
            var rope = text.Section(key);
            var type = rope.String("rope_type", rope.String("type", "default"));
            if (type is not ("default" or "mrope"))
                throw new UnsupportedConfigException($"{text.Source}: {key} asks for '{type}' rotary frequencies; expected none or 'default'. "
                    + "Use a checkpoint without scaled rotary positions.");
        }
    }

    /// <summary>Sizes that must divide each other for attention to be defined.</summary>
    internal static T CheckHeads<T>(string source, T text) where T : ITextConfig
    {
        if (text.NumAttentionHeads % text.NumKeyValueHeads != 0)
            throw new UnsupportedConfigException($"{source}: {text.NumAttentionHeads} attention heads over {text.NumKeyValueHeads} key/value heads; "
                + "expected a positive multiple. Correct config.json or download it again.");
        if (text.HeadDim <= 0 || text.HeadDim % 2 != 0)
            throw new UnsupportedConfigException($"{source}: heads of {text.HeadDim} units; expected a positive even number, "
                + "which rotary positions turn in pairs. Correct config.json or download it again.");
        return text;
    }

    /// <summary>The same for a vision tower of fixed image size.</summary>
    internal static T CheckVisionSizes<T>(ConfigSection json, T c) where T : IVisionConfig
    {
        if (c.HiddenSize % c.NumAttentionHeads != 0) throw json.Unusable("num_attention_heads", $"a divisor of hidden_size, {c.HiddenSize}");
        if (c.ImageSize < c.PatchSize) throw json.Unusable("patch_size", $"at most image_size, {c.ImageSize}");
        if (c.ImageSize / c.PatchSize > IVisionConfig.MostPatchesOfASide)
            throw json.Unusable("image_size", $"at most {IVisionConfig.MostPatchesOfASide} patches on a side");
        return c;
    }
}

/// <summary>What every language model here has in common; the property names are transformers' keys.</summary>
public interface ITextConfig
{
    int VocabSize { get; }
    int HiddenSize { get; }
    int IntermediateSize { get; }
    int NumHiddenLayers { get; }
    int NumAttentionHeads { get; }

    /// <summary>1: multi-query attention; equal to <see cref="NumAttentionHeads"/>: multi-head; between: grouped-query.</summary>
    int NumKeyValueHeads { get; }

    int HeadDim { get; }
    double RmsNormEps { get; }
    double RopeTheta { get; }
    string HiddenAct { get; }

    /// <summary>Whether q_proj, k_proj and v_proj have a bias.</summary>
    bool AttentionBias { get; }

    /// <summary>Whether o_proj has one.</summary>
    bool AttentionOutputBias => AttentionBias;

    /// <summary>Whether the MLP's three matrices have one.</summary>
    bool MlpBias => false;

    /// <summary>Whether the head is the transposed embedding, so that the checkpoint holds no <c>lm_head.weight</c>.</summary>
    bool TieWordEmbeddings { get; }
}

/// <summary>What CLIP's and SigLIP's vision towers have in common: images of one size, positions in the embeddings.</summary>
public interface IVisionConfig
{
    /// <summary>A million patches an image: beyond any model, and their number is still an int.</summary>
    internal const int MostPatchesOfASide = 1000;

    int HiddenSize { get; }
    int IntermediateSize { get; }
    int NumHiddenLayers { get; }
    int NumAttentionHeads { get; }
    int NumChannels { get; }
    int ImageSize { get; }
    int PatchSize { get; }
    string HiddenAct { get; }
    double LayerNormEps { get; }

    /// <summary>Patches of one image, without a class token.</summary>
    int Patches => ImageSize / PatchSize * (ImageSize / PatchSize);
}

/// <summary>A config.json that is well formed but asks for something this program does not compute.</summary>
public sealed class UnsupportedConfigException(string message) : VrpException(message);

/// <summary>Reading of sizes, which a model cannot have at 0 or below.</summary>
static class ConfigSizes
{
    extension(ConfigSection json)
    {
        /// <summary>A positive integer; <paramref name="absent"/> where the key is not there.</summary>
        public int Size(string key, int absent) => json.Int(key, absent) is var size and > 0 ? size : throw json.Unusable(key, "a positive integer");

        /// <summary>A positive integer, or null where the key is not there.</summary>
        public int? SizeOrNull(string key) => json.Has(key) ? json.Size(key, 0) : null;
    }
}
