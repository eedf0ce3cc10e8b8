using System.Globalization;
using Vrp.Models.Checkpoints;
using Vrp.Models.Images;

namespace Vrp.Models.Qwen2VL;

/// <summary>Qwen2VLImageProcessor: a size near the image's own (<see cref="SmartResize"/>), cut into patches that lie in the order in which the vision tower
/// merges them. pixel_values [patches of all images, 3 * temporal_patch_size * patch_size²].</summary>
sealed class Qwen2VLImageProcessor : ImageProcessor
{
    /// <summary>Bound of the areas in between which an image is brought: 16 megapixels, as of the other processors.</summary>
    const int LargestArea = ImageProcessorConfig.LongestSide * ImageProcessorConfig.LongestSide;

    readonly ImageProcessorConfig config;
    readonly int minPixels, maxPixels, patchSize, temporalPatchSize, mergeSize;

    /// <summary>Of a patch or a merged square in pixels, of a patch in frames: far beyond published models.</summary>
    const int MostPixels = 4096, MostFrames = 64;

    public Qwen2VLImageProcessor(ConfigSection json)
    {
        config = new ImageProcessorConfig(json, OpenAiClipMean, OpenAiClipStd);
        var size = config.Size("size") ?? new ImageSize();
        // size.{shortest,longest}_edge are areas here; the older keys win where both are given, as in Hugging Face's class.
        minPixels = config.Pixels("min_pixels", size.ShortestEdge ?? size.MinPixels ?? 56 * 56, LargestArea);
        maxPixels = config.Pixels("max_pixels", size.LongestEdge ?? size.MaxPixels ?? 28 * 28 * 1280, LargestArea);
        patchSize = config.Pixels("patch_size", 14);
        temporalPatchSize = config.Pixels("temporal_patch_size", 2);
        mergeSize = config.Pixels("merge_size", 2);
        if (size is { Number: not null } or { Height: not null } or { Width: not null })
            throw json.Unusable("size", "{\"shortest_edge\": …, \"longest_edge\": …}, both in pixels of area");
        config.RefuseUnread("Qwen2VLImageProcessor");
        if ((long)patchSize * mergeSize > MostPixels) throw json.Unusable("patch_size",
            $"at most {MostPixels} pixels a merged square (patch_size * merge_size)");
        if (temporalPatchSize > MostFrames) throw json.Unusable("temporal_patch_size", $"at most {MostFrames}");
    }

    /// <summary>patch_size, temporal_patch_size and merge_size, which must be those of config.json.</summary>
    internal (int Patch, int Temporal, int Merge) Sizes => (patchSize, temporalPatchSize, mergeSize);

    /// <inheritdoc/>
    public override ProcessedImages Process(IEnumerable<RgbImage> images)
    {
        RgbImage[] fitted = [.. images.Select(Fit)];
        if (fitted.Length == 0) throw new ImageProcessingException("Processing images: none were given, and at least one is needed.");
        long[] grid = [.. fitted.SelectMany(image => (long[])[1, image.Height / patchSize, image.Width / patchSize])];
        var features = RgbImage.Channels * temporalPatchSize * patchSize * patchSize;
        if (fitted.Sum(image => (long)image.Width * image.Height) * RgbImage.Channels * temporalPatchSize > Array.MaxLength)
            throw new ImageProcessingException($"Processing {fitted.Length} images at once: too many for one batch. Give fewer at a time (--block).");
        var patches = fitted.Sum(image => image.Height / patchSize * (image.Width / patchSize));
        var resized = new byte[checked(patches * features)];
        var values = new float[resized.Length];
        var at = 0;
        foreach (var image in fitted) at = Patch(image, resized, values, at);
        return new ProcessedImages(values, resized, [patches, features], grid);
    }

    /// <inheritdoc/>
    public override long AreaOf(int width, int height)
    {
        if (config.DoResize) (width, height) = SmartResize.Choose(width, height, patchSize * mergeSize, minPixels, maxPixels);
        return (long)width * height;
    }

    RgbImage Fit(RgbImage image)
    {
        var factor = patchSize * mergeSize;
        if (config.DoResize)
        {
            var (width, height) = SmartResize.Choose(image.Width, image.Height, factor, minPixels, maxPixels);
            return ImageResizer.Resize(image, width, height, config.Filter);
        }

        return image.Width % factor == 0 && image.Height % factor == 0 ? image
            : throw new ImageProcessingException($"Cutting {image.Width} x {image.Height} pixels into patches: do_resize is off, so both sides must be "
                + $"multiples of {factor} (patch_size * merge_size).");
    }

    // Groups of merge x merge patches, row by row; in a group its patches, row by row; in a patch channel, time (a still image repeats), row, column.
    int Patch(RgbImage image, byte[] resized, float[] values, int at)
    {
        int group = patchSize * mergeSize, area = patchSize * patchSize;
        for (var groupY = 0; groupY < image.Height; groupY += group)
            for (var groupX = 0; groupX < image.Width; groupX += group)
                for (var y = groupY; y < groupY + group; y += patchSize)
                    for (var x = groupX; x < groupX + group; x += patchSize)
                        for (var c = 0; c < RgbImage.Channels; c++)
                        {
                            var plane = resized.AsSpan(at, area);
                            for (var row = 0; row < patchSize; row++)
                            {
                                var source = image.Row(y + row)[(x * RgbImage.Channels + c)..];
                                for (var column = 0; column < patchSize; column++) plane[row * patchSize + column] = source[column * RgbImage.Channels];
                            }

                            config.Normalizer.Apply(plane, c, values.AsSpan(at));
                            for (var time = 1; time < temporalPatchSize; time++)
                            {
                                plane.CopyTo(resized.AsSpan(at + time * area));
                                values.AsSpan(at, area).CopyTo(values.AsSpan(at + time * area));
                            }

                            at += temporalPatchSize * area;
                        }

        return at;
    }
}

/// <summary>Qwen2-VL's choice of size (Hugging Face: image_processing_qwen2_vl.smart_resize).</summary>
static class SmartResize
{
    const double MostAspectRatio = 200;

    /// <summary>The size nearest to the image's whose sides are multiples of <paramref name="factor"/>, whose area lies within the two
    /// bounds, and whose aspect ratio is kept as well as that allows.</summary>
    public static (int Width, int Height) Choose(int width, int height, int factor, int minPixels, int maxPixels)
    {
        var ratio = (double)Math.Max(width, height) / Math.Min(width, height);
        if (ratio > MostAspectRatio)
            throw new ImageProcessingException($"absolute aspect ratio must be smaller than {MostAspectRatio}, got {Python(ratio)} ({width} x {height} "
                + "pixels). Crop or pad the image first.");

        // ties to even, as in Python
        double newHeight = Math.Round((double)height / factor) * factor, newWidth = Math.Round((double)width / factor) * factor;
        var area = (double)height * width;
        if (newHeight * newWidth > maxPixels)
        {
            var beta = Math.Sqrt(area / maxPixels);
            newHeight = Math.Max(factor, Math.Floor(height / beta / factor) * factor);
            newWidth = Math.Max(factor, Math.Floor(width / beta / factor) * factor);
        }
        else if (newHeight * newWidth < minPixels)
        {
            var beta = Math.Sqrt(minPixels / area);
            newHeight = Math.Ceiling(height * beta / factor) * factor;
            newWidth = Math.Ceiling(width * beta / factor) * factor;
        }

        return (checked((int)newWidth), checked((int)newHeight));
    }

    // A float as Python prints it, so that the message is the one that Hugging Face's users know.
    static string Python(double value) =>
        value == Math.Floor(value) ? value.ToString("F1", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture);
}
