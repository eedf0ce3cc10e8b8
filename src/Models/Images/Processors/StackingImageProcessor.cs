namespace Vrp.Models.Images;

/// <summary>A processor that brings every picture to one size and stacks them: pixel_values [images, 3, height, width].</summary>
abstract class StackingImageProcessor : ImageProcessor
{
    private protected abstract PixelNormalizer Normalizer { get; }

    /// <summary>Resizes and crops one picture.</summary>
    private protected abstract RgbImage Fit(RgbImage image);

    /// <inheritdoc/>
    public sealed override ProcessedImages Process(IEnumerable<RgbImage> images)
    {
        RgbImage[] fitted = [.. images.Select(Fit)];
        if (fitted.Length == 0) throw new ImageProcessingException("Processing images: none were given, and at least one is needed.");
        var (width, height) = (fitted[0].Width, fitted[0].Height);
        if (fitted.FirstOrDefault(image => image.Width != width || image.Height != height) is { } other)
            throw new ImageProcessingException($"Processing {fitted.Length} images: they come out as {width} x {height} and as {other.Width} x {other.Height} "
                + "pixels, which cannot be stacked. Turn on do_resize (and do_center_crop), or give them one at a time.");

        var plane = width * height;
        if ((long)fitted.Length * RgbImage.Channels * plane > Array.MaxLength)
            throw new ImageProcessingException($"Processing {fitted.Length} images of {width} x {height} pixels at once: too many for one batch. "
                + "Give fewer at a time (--block).");
        var resized = new byte[checked(fitted.Length * RgbImage.Channels * plane)];
        var values = new float[resized.Length];
        for (var i = 0; i < fitted.Length; i++)
            for (var c = 0; c < RgbImage.Channels; c++)
            {
                var start = (i * RgbImage.Channels + c) * plane;
                for (var p = 0; p < plane; p++) resized[start + p] = fitted[i].Pixels[p * RgbImage.Channels + c];
                Normalizer.Apply(resized.AsSpan(start, plane), c, values.AsSpan(start));
            }

        return new ProcessedImages(values, resized, [fitted.Length, RgbImage.Channels, height, width], null);
    }
}
