using TorchSharp;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Hooks;

/// <summary>The last token's attention over the image, cut from captures of <c>blocks.*.attn.pattern</c> (all positions or <c>@last</c>).</summary>
public static class ImageAttention
{
    /// <summary>Attention from the last position to each image token of one prompt, in the order of the prompt: float32 [L,H,N] on the CPU. A row sums to the
    /// attention that the image receives, at most 1; the rest goes to text.</summary>
    /// <param name="trace">Of the forward over <paramref name="inputs"/>.</param>
    /// <param name="inputs">The prompts.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="imageTokenId">The model's <see cref="VisionLanguageModel.ImageTokenId"/>.</param>
    /// <exception cref="HookException">The prompt has no image.</exception>
    public static Tensor LastRow(Trace trace, ModelInputs inputs, int row, int imageTokenId)
    {
        int[] places = inputs.PositionsOf(row, imageTokenId);
        if (places.Length == 0) throw new HookException($"Prompt {row} has no image token {imageTokenId}, "
            + "so that there is no attention over an image. Leave it out.");

        using var scope = NewDisposeScope();
        var maps = trace.Stack("blocks.*.attn.pattern");                                 // [L,B,H,T|1,S]
        if (maps.shape[1] != inputs.Rows || maps.shape[4] != inputs.Length)
            throw new ShapeException("attention over the image", $"maps [L,{inputs.Rows},H,·,{inputs.Length}] of these prompts", ShapeException.Text(maps));
        var last = maps.select(3, maps.shape[3] - 1).select(1, row);                     // [L,H,S]
        return last.index_select(-1, tensor(Array.ConvertAll(places, place => (long)place)).to(last.device)).to(ScalarType.Float32).cpu()
            .MoveToOuterDisposeScope();
    }
}
