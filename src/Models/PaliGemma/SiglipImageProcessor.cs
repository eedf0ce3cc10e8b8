using Vrp.Models.Checkpoints;
using Vrp.Models.Images;

namespace Vrp.Models.PaliGemma;

/// <summary>SiglipImageProcessor (PaliGemma): to <c>size</c> whatever the aspect ratio, rescaled, normalised.</summary>
sealed class SiglipImageProcessor : StackingImageProcessor
{
    readonly ImageProcessorConfig config;
    readonly (int Width, int Height) size;

    public SiglipImageProcessor(ConfigSection json)
    {
        config = new ImageProcessorConfig(json, ImagenetStandardMean, ImagenetStandardStd);
        size = (config.Size("size") ?? new ImageSize(Height: 224, Width: 224)) is { Height: int height, Width: int width } ? (width, height)
            : throw json.Unusable("size", "{\"height\": …, \"width\": …}");
        if (!json.Bool("do_center_crop", false)) _ = config.Size("crop_size");       // written by the fast class, without effect
        config.RefuseUnread("SiglipImageProcessor");
    }

    private protected override PixelNormalizer Normalizer => config.Normalizer;

    internal override (int Width, int Height)? FixedSize => config.DoResize ? size : null;

    private protected override RgbImage Fit(RgbImage image) =>
        config.DoResize ? ImageResizer.Resize(image, size.Width, size.Height, config.Filter) : image;
}
