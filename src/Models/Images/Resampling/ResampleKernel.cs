namespace Vrp.Models.Images;

/// <summary>The continuous filters of Pillow's Resample.c. Every operation is in its order, for equal doubles.</summary>
/// <param name="Support">Half width in pixels, when enlarging.</param>
/// <param name="Weight">Unnormalised weight at a distance in pixels.</param>
sealed record ResampleKernel(double Support, Func<double, double> Weight)
{
    /// <summary>The kernel of a filter; <see cref="Resample.Nearest"/> has none.</summary>
    public static ResampleKernel Of(Resample filter) => filter switch
    {
        Resample.Box => new(0.5, Box),
        Resample.Bilinear => new(1, Bilinear),
        Resample.Hamming => new(1, Hamming),
        Resample.Bicubic => new(2, Bicubic),
        Resample.Lanczos => new(3, Lanczos),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "This filter has no kernel."),
    };

    static double Box(double x) => x is > -0.5 and <= 0.5 ? 1 : 0;

    static double Bilinear(double x)
    {
        x = Math.Abs(x);
        return x < 1 ? 1 - x : 0;
    }

    static double Hamming(double x)
    {
        x = Math.Abs(x);
        if (x == 0) return 1;
        if (x >= 1) return 0;
        x *= Math.PI;
        return Math.Sin(x) / x * (0.54f + 0.46f * Math.Cos(x));     // single-precision constants there, too
    }

    static double Bicubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }

    static double Lanczos(double x) => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0;

    static double Sinc(double x)
    {
        if (x == 0) return 1;
        x *= Math.PI;
        return Math.Sin(x) / x;
    }
}

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
