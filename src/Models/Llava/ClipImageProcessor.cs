using Vrp.Models.Checkpoints;
using Vrp.Models.Images;

namespace Vrp.Models.Llava;

/// <summary>CLIPImageProcessor (LLaVA): the shortest edge to <c>size</c>, the middle cut out to <c>crop_size</c>, rescaled, normalised.</summary>
sealed class ClipImageProcessor : StackingImageProcessor
{
    /// <summary>Of a narrow image whose shortest edge is made larger, in pixels.</summary>
    const long LargestArea = 1L << 26;

    readonly ImageProcessorConfig config;
    readonly ImageSize size;
    readonly (int Width, int Height)? crop;

    public ClipImageProcessor(ConfigSection json)
    {
        config = new ImageProcessorConfig(json, OpenAiClipMean, OpenAiClipStd);
        size = config.Size("size") ?? new ImageSize(ShortestEdge: 224);
        if (size.Number is int number) size = new ImageSize(ShortestEdge: number);
        // A longest_edge beside it is ignored, as Hugging Face's class does.
        if (size is not ({ ShortestEdge: not null } or { Height: not null, Width: not null }))
            throw json.Unusable("size", "a number, {\"shortest_edge\": …} or {\"height\": …, \"width\": …}");

        if (size.ShortestEdge > ImageProcessorConfig.LongestSide) throw json.Unusable("size", $"an edge of at most {ImageProcessorConfig.LongestSide}");

        var doCrop = config.Flag("do_center_crop", true);
        var cropSize = config.Size("crop_size") ?? new ImageSize(Number: 224);
        if (doCrop)
            crop = cropSize switch
            {
                { Number: int side } => (side, side),
                { Height: int height, Width: int width } => (width, height),
                _ => throw json.Unusable("crop_size", "a number or {\"height\": …, \"width\": …}"),
            };
        config.RefuseUnread("CLIPImageProcessor");
    }

    private protected override PixelNormalizer Normalizer => config.Normalizer;

    internal override (int Width, int Height)? FixedSize =>
        crop ?? (config.DoResize && size is { ShortestEdge: null } ? (size.Width!.Value, size.Height!.Value) : null);

    private protected override RgbImage Fit(RgbImage image)
    {
        if (config.DoResize)
        {
            var (width, height) = TargetSize(image);
            image = ImageResizer.Resize(image, width, height, config.Filter);
        }

        return crop is var (cropWidth, cropHeight) ? CenterCrop.Apply(image, cropWidth, cropHeight) : image;
    }

    // image_transforms.get_resize_output_image_size: the longer edge in proportion, the fraction cut.
    (int Width, int Height) TargetSize(RgbImage image)
    {
        if (size.ShortestEdge is not int edge) return (size.Width!.Value, size.Height!.Value);
        var longer = (long)((double)((long)edge * Math.Max(image.Width, image.Height)) / Math.Min(image.Width, image.Height));
        if (longer * edge > LargestArea)
            throw new ImageTooLargeException("resize", $"{image.Width} x {image.Height} pixels would become {edge} x {longer}", $"{LargestArea} pixels");
        return image.Width <= image.Height ? (edge, (int)longer) : ((int)longer, edge);
    }
}

/// <summary>Cuts the middle out of an image (Hugging Face: image_transforms.center_crop). Where the image is smaller, black surrounds it. An odd difference
/// leaves the extra pixel at the right and bottom when cutting, at the left and top when padding.</summary>
static class CenterCrop
{
    public static RgbImage Apply(RgbImage image, int width, int height)
    {
        int left = (int)Math.Floor((image.Width - width) / 2.0), top = (int)Math.Floor((image.Height - height) / 2.0);
        var result = new RgbImage(width, height);
        int firstX = Math.Max(0, -left), endX = Math.Min(width, image.Width - left);
        int firstY = Math.Max(0, -top), endY = Math.Min(height, image.Height - top);
        for (var y = firstY; y < endY; y++)
            image.Row(y + top)[((firstX + left) * 3)..((endX + left) * 3)].CopyTo(result.Row(y)[(firstX * 3)..]);
        return result;
    }
}
