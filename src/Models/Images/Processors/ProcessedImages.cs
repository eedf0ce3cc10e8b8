namespace Vrp.Models.Images;

/// <summary>What an image processor makes of a batch of pictures.</summary>
/// <param name="PixelValues">float32 of <see cref="Shape"/>: the model's <c>pixel_values</c>.</param>
/// <param name="Resized">uint8 of <see cref="Shape"/>: the same after resizing, cropping and patching, before rescaling and normalising.</param>
/// <param name="Shape">[images, 3, height, width], or [patches, 3 * temporal_patch_size * patch_size²] (Qwen2-VL).</param>
/// <param name="ImageGridThw">int64[images, 3]: temporal, vertical and horizontal patches of each picture (Qwen2-VL), else null.</param>
public sealed record ProcessedImages(float[] PixelValues, byte[] Resized, long[] Shape, long[]? ImageGridThw)
{
    /// <summary>How many pictures.</summary>
    public int Count => ImageGridThw is { } grid ? grid.Length / 3 : (int)Shape[0];
}
