namespace Vrp.Models.Images;

/// <summary>An 8-bit RGB picture.</summary>
/// <param name="Width">Pixels per row, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Pixels">uint8[Height, Width, 3], rows from the top, no padding.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>Channels of a pixel: red, green, blue.</summary>
    public const int Channels = 3;

    public int Width { get; } = Width > 0 ? Width : throw new ArgumentOutOfRangeException(nameof(Width), Width, "A picture has at least one column.");

    public int Height { get; } = Height > 0 ? Height : throw new ArgumentOutOfRangeException(nameof(Height), Height, "A picture has at least one row.");

    public byte[] Pixels { get; } = Pixels.LongLength == (long)Width * Height * Channels ? Pixels
        : throw new ArgumentException($"{Width} x {Height} pixels take {(long)Width * Height * Channels} bytes; got {Pixels.LongLength}.", nameof(Pixels));

    /// <summary>A black picture.</summary>
    /// <exception cref="ImageTooLargeException">Beyond what one array holds.</exception>
    public RgbImage(int width, int height) : this(width, height, Allocate(width, height))
    {
    }

    static byte[] Allocate(int width, int height) => (long)width * height * Channels is var bytes && bytes <= Array.MaxLength ? new byte[bytes]
        : throw new ImageTooLargeException("picture", $"{width} x {height} pixels", $"{Array.MaxLength / Channels} pixels");

    /// <summary>Row <paramref name="y"/>: uint8[Width, 3].</summary>
    public Span<byte> Row(int y) => Pixels.AsSpan(y * Width * Channels, Width * Channels);
}
