using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Images;

namespace Vrp.Models.Qwen2VL;

/// <summary>transformers: Qwen2VLConfig (Wang et al. 2024, arXiv:2409.12191). The hub's files are flat: the text model's keys lie in the root; files written by
/// newer transformers nest them in text_config.</summary>
public sealed class Qwen2VLConfig(ConfigSection json) : VisionLanguageConfig
{
    public Qwen2VLVisionConfig VisionConfig { get; } = Qwen2VLVisionConfig.From(json.Section("vision_config"));
    public Qwen2VLTextConfig TextConfig { get; } = Qwen2VLTextConfig.From(json);
    public int ImageTokenIndex { get; } = json.Int("image_token_id", 151655);
    public int VideoTokenId { get; } = json.Int("video_token_id", 151656);
    public int VisionStartTokenId { get; } = json.Int("vision_start_token_id", 151652);
    public int VisionEndTokenId { get; } = json.Int("vision_end_token_id", 151653);

    public override string ModelType => "qwen2_vl";
    public override ITextConfig Text => TextConfig;
    public override int ImageTokenId => ImageTokenIndex;
    public override int VisionLayers => VisionConfig.Depth;

    internal static Qwen2VLConfig From(ConfigSection json)
    {
        var c = new Qwen2VLConfig(json);
        return c.VisionConfig.HiddenSize == c.TextConfig.HiddenSize ? c : throw json.Section("vision_config").Unusable("hidden_size",
            $"the language model's hidden_size, {c.TextConfig.HiddenSize}, as image features take the place of its embeddings");
    }

    /// <summary>Merged squares of patches.</summary>
    public override (int Rows, int Columns) ImageGrid(ProcessedImages processed, int index)
    {
        var grid = processed.ImageGridThw!;
        return ((int)grid[3 * index + 1] / VisionConfig.SpatialMergeSize, (int)grid[3 * index + 2] / VisionConfig.SpatialMergeSize);
    }
}
