using TorchSharp;
using Vrp.Models.Configuration;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models;

/// <summary>What a processor hands to a model, under transformers' names. Ids and masks stay on the host, where positions, masks and image places are worked
/// out.</summary>
public sealed class ModelInputs : IDisposable
{
    /// <param name="inputIds">[B,T], padded on the left</param>
    /// <param name="attentionMask">[B,T], 1 for tokens, 0 for padding; null: no padding</param>
    /// <param name="pixelValues">float [images,C,S,S], in Qwen2-VL [patches, C·T·P·P]; of all prompts in their order; null without images</param>
    /// <param name="imageGridThw">Qwen2-VL: frames, rows and columns of patches per image, [images,3]</param>
    public ModelInputs(long[,] inputIds, long[,]? attentionMask = null, Tensor? pixelValues = null, long[,]? imageGridThw = null)
    {
        int rows = inputIds.GetLength(0), length = inputIds.GetLength(1);
        if (rows == 0 || length == 0) throw new VrpException($"input_ids are [{rows}, {length}]; expected at least one prompt with at least one token.");
        if (attentionMask is not null && (attentionMask.GetLength(0) != rows || attentionMask.GetLength(1) != length))
            throw new VrpException($"attention_mask is [{attentionMask.GetLength(0)}, {attentionMask.GetLength(1)}]; expected [{rows}, "
                + $"{length}] as input_ids.");
        if (attentionMask is null)
        {
            attentionMask = new long[rows, length];
            for (var row = 0; row < rows; row++)
                for (var t = 0; t < length; t++) attentionMask[row, t] = 1;
        }
        (InputIds, AttentionMask, PixelValues, ImageGridThw) = (inputIds, attentionMask, pixelValues, imageGridThw);
    }

    public long[,] InputIds { get; }
    public long[,] AttentionMask { get; }
    public Tensor? PixelValues { get; }
    public long[,]? ImageGridThw { get; }

    /// <summary>PaliGemma in training: 0 for the prefix, read with full attention, 1 for the suffix, read causally; null: all prefix.</summary>
    public long[,]? TokenTypeIds { get; init; }

    /// <summary>Image features made before (<see cref="VisionLanguageModel.EncodeImages"/>), one row per image token of all prompts in their order, [N,D]: they
    /// take the place of pixel_values, so that questions about one image share its encoding. Grids are still needed. They stay the caller's.</summary>
    public Tensor? ImageFeatures { get; init; }

    /// <summary>position_ids [axes,B,T] of prompts that are a part of longer ones; null: they follow from the tokens.</summary>
    internal long[,,]? Positions { get; init; }

    /// <summary>B.</summary>
    public int Rows => InputIds.GetLength(0);

    /// <summary>T.</summary>
    public int Length => InputIds.GetLength(1);

    /// <summary>Positions of a token in one row, ascending; with the image token, where the image features lie.</summary>
    public int[] PositionsOf(int row, int token) => [.. Enumerable.Range(0, Length).Where(t => InputIds[row, t] == token && AttentionMask[row, t] != 0)];

    /// <summary>The same prompts with image features in place of pixel_values.</summary>
    public ModelInputs WithImageFeatures(Tensor features) =>
        new(InputIds, AttentionMask, null, ImageGridThw) { ImageFeatures = features, TokenTypeIds = TokenTypeIds, Positions = Positions };

    /// <summary>The same from tensors as a processor's golden has them: int64 [B,T], [B,T], [images,3].</summary>
    public static ModelInputs FromTensors(Tensor inputIds, Tensor? attentionMask = null, Tensor? pixelValues = null, Tensor? imageGridThw = null) =>
        new(ToHost(inputIds), attentionMask is null ? null : ToHost(attentionMask), pixelValues, imageGridThw is null ? null : ToHost(imageGridThw));

    /// <summary>Ids and masks with every row <paramref name="times"/> times in a row, without images: for the masks of passes that start inside the language
    /// model.</summary>
    internal ModelInputs RepeatTokens(int times)
    {
        if (times == 1) return this;
        long[,] Repeat(long[,] rows)
        {
            var repeated = new long[Rows * times, Length];
            for (var row = 0; row < Rows * times; row++)
                for (var t = 0; t < Length; t++) repeated[row, t] = rows[row / times, t];
            return repeated;
        }
        return new ModelInputs(Repeat(InputIds), Repeat(AttentionMask)) { TokenTypeIds = TokenTypeIds is null ? null : Repeat(TokenTypeIds) };
    }

    static long[,] ToHost(Tensor tensor)
    {
        if (tensor.dim() != 2) throw new Layers.ShapeException("model inputs", "a matrix of int64", Layers.ShapeException.Text(tensor));
        using var host = tensor.to(ScalarType.Int64).cpu().contiguous();
        var values = host.data<long>().ToArray();
        var result = new long[tensor.shape[0], tensor.shape[1]];
        Buffer.BlockCopy(values, 0, result, 0, values.Length * sizeof(long));
        return result;
    }

    public void Dispose() => PixelValues?.Dispose();
}

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
