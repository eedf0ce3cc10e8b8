using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Images;

namespace Vrp.Models.PaliGemma;

/// <summary>transformers: PaliGemmaConfig (Beyer et al. 2024, arXiv:2407.07726).</summary>
public sealed class PaliGemmaConfig(ConfigSection json) : VisionLanguageConfig
{
    public SiglipVisionConfig VisionConfig { get; } = SiglipVisionConfig.From(json);
    public GemmaConfig TextConfig { get; } = GemmaConfig.From(json);
    public int ImageTokenIndex { get; } = json.Int("image_token_index", json.Int("image_token_id", 256000));

    /// <summary>Output size of the projector: the language model's hidden size in every published checkpoint.</summary>
    public int ProjectionDim { get; } = json.Size("projection_dim", 2048);

    public override string ModelType => "paligemma";
    public override ITextConfig Text => TextConfig;
    public override int ImageTokenId => ImageTokenIndex;

    /// <summary>No: an image's tokens see the question.</summary>
    public override bool ReadsCausally => false;

    public override int VisionLayers => VisionConfig.NumHiddenLayers;

    internal static PaliGemmaConfig From(ConfigSection json)
    {
        var c = new PaliGemmaConfig(json);
        return c.ProjectionDim == c.TextConfig.HiddenSize ? c
            : throw json.Unusable("projection_dim", $"the language model's hidden_size, {c.TextConfig.HiddenSize}, "
                + "as image features take the place of its embeddings");
    }

    /// <inheritdoc/>
    public override (int Rows, int Columns) ImageGrid(ProcessedImages processed, int index) => processed.Cells(VisionConfig.PatchSize);
}
