namespace Vrp.Models.Images;

/// <summary>What a picture may ask for before it is refused as a possible decompression bomb (<see cref="ImageTooLargeException"/>).</summary>
/// <param name="MaxPixels">Width times height; the default is where Pillow refuses too (twice its MAX_IMAGE_PIXELS), 537 MB as RGB.</param>
/// <param name="MaxSide">Width or height: bounds the memory for single rows and for the resizing tables.</param>
/// <param name="MaxFileBytes">Size of the file, in bytes.</param>
public sealed record ImageLimits(long MaxPixels = 178_956_970, int MaxSide = 1_000_000, long MaxFileBytes = 1L << 30)
{
    public static ImageLimits Default { get; } = new();

    /// <summary>Scans of a progressive JPEG, which are usually ten: each is a pass over the whole picture, so a small file of many is costly.</summary>
    internal const int MaxScans = 500;

    /// <summary>Scans times pixels of a JPEG: what the largest picture with the usual ten takes.</summary>
    internal long MaxScannedPixels => 10 * MaxPixels;

    /// <summary>Throws when a header announces more than allowed.</summary>
    internal void Check(string source, long width, long height)
    {
        var side = Math.Min(MaxSide, 1 << 27);       // so that a row of the widest kind, 8 bytes per pixel, fits an array
        if (width > side || height > side)
            throw new ImageTooLargeException(source, $"its header says {width} x {height} pixels", $"{side} on a side");
        var most = Math.Min(MaxPixels, Array.MaxLength / RgbImage.Channels);
        if (width * height > most)
            throw new ImageTooLargeException(source, $"its header says {width} x {height} = {width * height} pixels", $"{most} pixels");
    }
}
