using System.Text.Json;
using Vrp.Models.Checkpoints;
using Vrp.Models.Llava;
using Vrp.Models.PaliGemma;
using Vrp.Models.Qwen2VL;

namespace Vrp.Models.Configuration;

/// <summary>The config of one of the three families. Values that config.json leaves out are transformers 4.57's defaults.</summary>
public abstract record VisionLanguageConfig
{
    /// <summary>transformers' <c>model_type</c>.</summary>
    public abstract string ModelType { get; }

    /// <summary>The language model's config.</summary>
    public abstract ITextConfig Text { get; }

    /// <summary>The token that stands for one image feature in input_ids.</summary>
    public abstract int ImageTokenId { get; }

    /// <summary>Number of blocks of the vision tower.</summary>
    public abstract int VisionLayers { get; }

    /// <summary>Every tensor of a checkpoint with this config, by hub name.</summary>
    public abstract TensorShapes TensorShapes();

    /// <summary>Reads config.json's root object; <paramref name="source"/> names the file in errors.</summary>
    public static VisionLanguageConfig FromJson(JsonElement json, string source)
    {
        var root = ConfigSection.From(json, source);
        return root.String("model_type") switch
        {
            "llava" => LlavaConfig.From(root),
            "paligemma" => PaliGemmaConfig.From(root),
            "qwen2_vl" => Qwen2VLConfig.From(root),
            var other => throw new UnsupportedConfigException($"{source}: model_type is '{other}'; expected llava, paligemma or qwen2_vl. "
                + "Use a checkpoint of one of these families."),
        };
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

    /// <summary>Only unscaled rotary frequencies are computed here; none of the three families' published checkpoints scales them.</summary>
    internal static void RequireUnscaledRope(ConfigSection text)
    {
        foreach (string key in (string[])["rope_scaling", "rope_parameters"])
        {
            var rope = text.Section(key);
            string type = rope.String("rope_type", rope.String("type", "default"));
            if (type is not ("default" or "mrope"))
                throw new UnsupportedConfigException($"{text.Source}: {key} asks for '{type}' rotary frequencies; expected none or 'default'. "
                    + "Use a checkpoint without scaled rotary positions.");
        }
    }

    /// <summary>Sizes that must divide each other for attention to be defined.</summary>
    internal static void CheckHeads(string source, ITextConfig text)
    {
        if (text.NumAttentionHeads <= 0 || text.NumKeyValueHeads <= 0 || text.NumAttentionHeads % text.NumKeyValueHeads != 0)
            throw new UnsupportedConfigException($"{source}: {text.NumAttentionHeads} attention heads over {text.NumKeyValueHeads} key/value heads; "
                + "expected a positive multiple. Correct config.json or download it again.");
        if (text.HeadDim <= 0 || text.HeadDim % 2 != 0)
            throw new UnsupportedConfigException($"{source}: heads of {text.HeadDim} units; expected a positive even number, "
                + "which rotary positions turn in pairs. Correct config.json or download it again.");
    }

    /// <summary>The same for a vision tower of fixed image size.</summary>
    internal static void CheckVisionSizes(ConfigSection json, int hiddenSize, int numAttentionHeads, int imageSize, int patchSize)
    {
        if (hiddenSize % numAttentionHeads != 0) throw json.Unusable("num_attention_heads", $"a divisor of hidden_size, {hiddenSize}");
        if (imageSize < patchSize) throw json.Unusable("patch_size", $"at most image_size, {imageSize}");
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

    /// <summary>Whether the head is the transposed embedding, so that the checkpoint holds no <c>lm_head.weight</c>.</summary>
    bool TieWordEmbeddings { get; }
}

/// <summary>A config.json that is well formed but asks for something this program does not compute.</summary>
public sealed class UnsupportedConfigException(string message) : VrpException(message);
