namespace Vrp.Models.Images;

/// <summary>Pillow's resampling filters, with its codes (<c>resample</c> in preprocessor_config.json).</summary>
public enum Resample
{
    /// <summary>The nearest pixel.</summary>
    Nearest = 0,

    /// <summary>Truncated sinc, 3 pixels to each side.</summary>
    Lanczos = 1,

    /// <summary>Triangle, 1 pixel to each side.</summary>
    Bilinear = 2,

    /// <summary>Keys' cubic with a = -0.5, 2 pixels to each side.</summary>
    Bicubic = 3,

    /// <summary>Mean over half a pixel to each side.</summary>
    Box = 4,

    /// <summary>Hamming-windowed sinc, 1 pixel to each side.</summary>
    Hamming = 5,
}
