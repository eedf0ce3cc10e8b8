namespace Vrp.Models.Images;

/// <summary>Cuts the middle out of a picture (Hugging Face: image_transforms.center_crop). Where the picture is smaller, black surrounds it.
/// An odd difference leaves the extra pixel at the right and bottom when cutting, at the left and top when padding.</summary>
static class CenterCrop
{
    public static RgbImage Apply(RgbImage image, int width, int height)
    {
        int left = (int)Math.Floor((image.Width - width) / 2.0), top = (int)Math.Floor((image.Height - height) / 2.0);
        var result = new RgbImage(width, height);
        int firstX = Math.Max(0, -left), endX = Math.Min(width, image.Width - left);
        int firstY = Math.Max(0, -top), endY = Math.Min(height, image.Height - top);
        for (int y = firstY; y < endY; y++)
            image.Row(y + top)[((firstX + left) * 3)..((endX + left) * 3)].CopyTo(result.Row(y)[(firstX * 3)..]);
        return result;
    }
}
