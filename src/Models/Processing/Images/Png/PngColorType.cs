namespace Vrp.Models.Processing.Images;

/// <summary>Colour types of PNG (W3C PNG specification, third edition, §11.2.1).</summary>
enum PngColorType
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    RgbAlpha = 6,
}
