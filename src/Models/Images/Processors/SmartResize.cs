using System.Globalization;

namespace Vrp.Models.Images;

/// <summary>Qwen2-VL's choice of size (Hugging Face: image_processing_qwen2_vl.smart_resize).</summary>
static class SmartResize
{
    const double MostAspectRatio = 200;

    /// <summary>The size nearest to the picture's whose sides are multiples of <paramref name="factor"/>, whose area lies within the two
    /// bounds, and whose aspect ratio is kept as well as that allows.</summary>
    public static (int Width, int Height) Choose(int width, int height, int factor, int minPixels, int maxPixels)
    {
        double ratio = (double)Math.Max(width, height) / Math.Min(width, height);
        if (ratio > MostAspectRatio)
            throw new ImageProcessingException($"absolute aspect ratio must be smaller than {MostAspectRatio}, got {Python(ratio)} ({width} x {height} pixels). Crop or pad the picture first.");

        double newHeight = Math.Round((double)height / factor) * factor, newWidth = Math.Round((double)width / factor) * factor;     // ties to even, as in Python
        double area = (double)height * width;
        if (newHeight * newWidth > maxPixels)
        {
            double beta = Math.Sqrt(area / maxPixels);
            newHeight = Math.Max(factor, Math.Floor(height / beta / factor) * factor);
            newWidth = Math.Max(factor, Math.Floor(width / beta / factor) * factor);
        }
        else if (newHeight * newWidth < minPixels)
        {
            double beta = Math.Sqrt(minPixels / area);
            newHeight = Math.Ceiling(height * beta / factor) * factor;
            newWidth = Math.Ceiling(width * beta / factor) * factor;
        }

        return (checked((int)newWidth), checked((int)newHeight));
    }

    // A float as Python prints it, so that the message is the one that Hugging Face's users know.
    static string Python(double value) => value == Math.Floor(value) ? value.ToString("F1", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture);
}
