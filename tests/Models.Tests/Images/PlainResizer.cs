using Vrp.Models.Images;

namespace Vrp.Models.Tests.Images;

/// <summary>Pillow's two passes written as plainly as possible, sample by sample: the reference of <see cref="ImageResizer"/>'s vectors.</summary>
static class PlainResizer
{
    public static RgbImage Resize(RgbImage image, int width, int height, Resample filter)
    {
        if (!ImageResizer.ColumnsFirst(image, width, height)) return Columns(Rows(image, width, filter), height, filter);
        return Rows(Columns(image, height, filter), width, filter);
    }

    static RgbImage Rows(RgbImage image, int width, Resample filter)
    {
        if (image.Width == width) return image;
        var taps = new ResampleTaps(image.Width, width, filter);
        return Fill(width, image.Height, (x, y, c) => Sum(taps, x, i => image.Row(y)[3 * i + c]));
    }

    static RgbImage Columns(RgbImage image, int height, Resample filter)
    {
        if (image.Height == height) return image;
        var taps = new ResampleTaps(image.Height, height, filter);
        return Fill(image.Width, height, (x, y, c) => Sum(taps, y, i => image.Row(i)[3 * x + c]));
    }

    static byte Sum(ResampleTaps taps, int output, Func<int, byte> sample)
    {
        var weights = taps.Weights(output);
        var sum = ResampleTaps.Half;
        for (var i = 0; i < weights.Length; i++) sum += weights[i] * sample(taps.First(output) + i);
        return ResampleTaps.Clip(sum);
    }

    static RgbImage Fill(int width, int height, Func<int, int, int, byte> value)
    {
        var image = new RgbImage(width, height);
        for (var i = 0; i < image.Pixels.Length; i++) image.Pixels[i] = value(i / 3 % width, i / 3 / width, i % 3);
        return image;
    }
}
