namespace Vrp.Models.Processing.Images;

/// <summary>What a picture may ask for before it is refused as a possible decompression bomb (<see cref="ImageTooLargeException"/>).</summary>
/// <param name="MaxPixels">Width times height; the default is where Pillow refuses too (twice its MAX_IMAGE_PIXELS), 537 MB as RGB.</param>
/// <param name="MaxSide">Width or height: bounds the memory for single rows and for the resizing tables.</param>
/// <param name="MaxFileBytes">Size of the file, in bytes.</param>
public sealed record ImageLimits(long MaxPixels = 178_956_970, int MaxSide = 1_000_000, long MaxFileBytes = 1L << 30)
{
    public static ImageLimits Default { get; } = new();

    /// <summary>A progressive JPEG is decoded once per scan, so a file of many scans is costly without being large. Ten are usual.</summary>
    internal const int MaxScans = 500;

    /// <summary>Throws when a header announces more than allowed.</summary>
    internal void Check(string source, long width, long height)
    {
        int side = Math.Min(MaxSide, 1 << 27);       // so that a row of the widest kind, 8 bytes per pixel, fits an array
        if (width > side || height > side)
            throw new ImageTooLargeException(source, $"its header says {width} x {height} pixels", $"{side} on a side");
        long most = Math.Min(MaxPixels, Array.MaxLength / 4);       // as CMYK, the widest form, in one array
        if (width * height > most)
            throw new ImageTooLargeException(source, $"its header says {width} x {height} = {width * height} pixels", $"{most} pixels");
    }
}
