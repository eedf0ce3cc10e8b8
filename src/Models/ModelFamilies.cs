using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Images;
using Vrp.Models.Llava;
using Vrp.Models.PaliGemma;
using Vrp.Models.Qwen2VL;

namespace Vrp.Models;

/// <summary>The families of models that are implemented: the one place outside of their folders that names them. A new family is a folder and an entry
/// here.</summary>
public static class ModelFamilies
{
    /// <summary>All of them, in the order in which tables and messages have them.</summary>
    public static IReadOnlyList<Family> All { get; } =
    [
        new Family<LlavaConfig>("llava", "LLaVA-1.5",
            LlavaConfig.From, (c, w) => new LlavaForConditionalGeneration(c, w), (files, c) => new LlavaProcessor(files, c), new LlavaChat(),
            TensorNames.Nested, EndTokens: [2], ["CLIPImageProcessor", "CLIPFeatureExtractor"], json => new ClipImageProcessor(json)),
        new Family<PaliGemmaConfig>("paligemma", "PaliGemma",
            PaliGemmaConfig.From, (c, w) => new PaliGemmaForConditionalGeneration(c, w), (files, c) => new PaliGemmaProcessor(files, c), new PaliGemmaChat(),
            TensorNames.Nested, EndTokens: [1], ["SiglipImageProcessor"], json => new SiglipImageProcessor(json)),
        new Family<Qwen2VLConfig>("qwen2_vl", "Qwen2-VL",
            Qwen2VLConfig.From, (c, w) => new Qwen2VLForConditionalGeneration(c, w), (files, c) => new Qwen2VLProcessor(files, c), new Qwen2VLChat(),
            TensorNames.Flat, EndTokens: [], ["Qwen2VLImageProcessor"], json => new Qwen2VLImageProcessor(json)),
    ];

    /// <summary>Their <c>model_type</c>s as a message lists them.</summary>
    public static string Names => Listed(All.Select(family => family.ModelType));

    /// <summary>The family of a config's <c>model_type</c>; null where there is none.</summary>
    public static Family? Find(string modelType) => All.FirstOrDefault(family => family.ModelType == modelType);

    /// <summary>The family of a config's <c>model_type</c>.</summary>
    /// <exception cref="VrpException">There is none.</exception>
    public static Family For(string modelType) => Find(modelType)
        ?? throw new VrpException($"model_type is '{modelType}'; expected {Names}. Use a checkpoint of one of these families.");

    /// <summary>Some names as a sentence has them: a, b or c.</summary>
    internal static string Listed(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length == 1 ? all[0] : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }
}

/// <summary>What code outside of a family's folder needs to know of it.</summary>
/// <param name="ModelType">transformers' <c>model_type</c>.</param>
/// <param name="Title">Its name for readers.</param>
/// <param name="Chat">The prompt of a question about images.</param>
/// <param name="TensorNames">How its checkpoints name their tensors, in all generations.</param>
/// <param name="EndTokens">The ids that end an answer where no file of the checkpoint says so (transformers' default); none: a file must say it.</param>
/// <param name="ImageProcessors">transformers' names of its image processor, today's first.</param>
/// <param name="ImageProcessor">Makes it from preprocessor_config.json.</param>
public abstract record Family(string ModelType, string Title, ChatFormatter Chat, TensorNames TensorNames, IReadOnlyList<int> EndTokens,
    IReadOnlyList<string> ImageProcessors, Func<ConfigSection, ImageProcessor> ImageProcessor)
{
    /// <summary>Reads config.json.</summary>
    internal abstract VisionLanguageConfig Config(ConfigSection root);

    /// <summary>The model over weights.</summary>
    internal abstract VisionLanguageModel Model(VisionLanguageConfig config, Weights weights);

    /// <summary>The processor of a checkpoint.</summary>
    internal abstract Processor Processor(Checkpoint files, VisionLanguageConfig config);
}

/// <summary>A family whose configuration is a <typeparamref name="TConfig"/>.</summary>
sealed record Family<TConfig>(string ModelType, string Title,
    Func<ConfigSection, TConfig> Read, Func<TConfig, Weights, VisionLanguageModel> Build, Func<Checkpoint, TConfig, Processor> Prepare, ChatFormatter Chat,
    TensorNames TensorNames, IReadOnlyList<int> EndTokens, IReadOnlyList<string> ImageProcessors, Func<ConfigSection, ImageProcessor> ImageProcessor)
    : Family(ModelType, Title, Chat, TensorNames, EndTokens, ImageProcessors, ImageProcessor) where TConfig : VisionLanguageConfig
{
    internal override VisionLanguageConfig Config(ConfigSection root) => Read(root);
    internal override VisionLanguageModel Model(VisionLanguageConfig config, Weights weights) => Build((TConfig)config, weights);
    internal override Processor Processor(Checkpoint files, VisionLanguageConfig config) => Prepare(files, (TConfig)config);
}
