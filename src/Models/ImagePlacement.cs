using TorchSharp;
using Vrp.Models.Configuration;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models;

/// <summary>Puts image features in the places of the image tokens (transformers: masked_scatter over inputs_embeds).</summary>
static class ImagePlacement
{
    /// <returns>inputs_embeds [B,T,D]</returns>
    public static Tensor Place(ModelInputs inputs, VisionLanguageConfig config, TextModel text, Func<Tensor, long[,]?, Tensor> getImageFeatures)
    {
        using var scope = NewDisposeScope();
        var places = new List<long>();
        var ids = new long[inputs.Rows * inputs.Length];
        for (int row = 0, at = 0; row < inputs.Rows; row++)
            for (var t = 0; t < inputs.Length; t++, at++)
            {
                var id = inputs.InputIds[row, t];
                if (id == config.ImageTokenId) places.Add(at);
                else if (id < 0 || id >= config.Text.VocabSize)
                    throw new VrpException($"input_ids hold {id} at row {row}, position {t}; expected 0 to {config.Text.VocabSize - 1}. "
                        + "The tokenizer does not belong to this checkpoint.");
                ids[at] = id < config.Text.VocabSize ? id : 0;                           // PaliGemma's image token may lie beyond the embeddings
            }

        var none = inputs.PixelValues is null && inputs.ImageFeatures is null;
        if (none != (places.Count == 0))
            throw none
                ? new ShapeException("image features", "pixel_values for the prompt's image tokens", $"{places.Count} image tokens and no image")
                : new ShapeException("image features", "image tokens for the given pixel_values", "images and no image token");

        var embeds = text.Embed(tensor(ids, [inputs.Rows, inputs.Length]).to(text.Device));
        if (none) return embeds.MoveToOuterDisposeScope();

        long units = config.Text.HiddenSize;
        var features = (inputs.ImageFeatures?.to(text.Dtype).to(text.Device)
            ?? getImageFeatures(inputs.PixelValues!.to(text.Dtype).to(text.Device), inputs.ImageGridThw)).reshape(-1, units);
        if (features.shape[0] != places.Count)
            throw new ShapeException("image features", $"{places.Count} of them, one per image token", $"{features.shape[0]}");
        return embeds.view(-1, units).index_copy(0, tensor(places.ToArray()).to(text.Device), features).view(inputs.Rows, inputs.Length, units)
            .MoveToOuterDisposeScope();
    }
}
