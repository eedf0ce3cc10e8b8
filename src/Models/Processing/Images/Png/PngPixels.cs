namespace Vrp.Models.Processing.Images;

/// <summary>Turns rows of PNG samples into RGB as Pillow's <c>convert("RGB")</c> does: alpha and tRNS are dropped, low depths of gray are
/// stretched to 0..255, and 16-bit samples keep their high byte, except plain gray. That one Pillow holds as integers 0..65535 (modes I and
/// I;16) and clips at 255 when it converts.</summary>
sealed class PngPixels(PngHeader header, byte[]? palette)
{
    // Indices beyond the palette's end are black.
    readonly byte[] colors = [.. palette ?? [], .. new byte[256 * 3 - (palette?.Length ?? 0)]];

    /// <summary>Writes a pass's row of <paramref name="width"/> pixels into the picture's row, every <paramref name="step"/> pixels from <paramref name="first"/>.</summary>
    public void Unpack(ReadOnlySpan<byte> row, int width, Span<byte> pixels, int first, int step)
    {
        if (header is { ColorType: PngColorType.Rgb, BitDepth: 8 } && step == 1)
        {
            row[..(width * 3)].CopyTo(pixels);
            return;
        }

        int bytes = header.Samples * header.BitDepth / 8;       // of a pixel; 0 below 8 bits
        for (int x = 0, to = first * 3; x < width; x++, to += step * 3)
        {
            var pixel = bytes > 0 ? row.Slice(x * bytes, bytes) : default;
            var (red, green, blue) = (header.ColorType, header.BitDepth) switch
            {
                (PngColorType.Palette, _) => Color(Sample(row, x)),
                (PngColorType.Gray, 16) => Gray(pixel[0] == 0 ? pixel[1] : (byte)255),
                (PngColorType.Gray, _) => Gray((byte)(Sample(row, x) * 255 / ((1 << header.BitDepth) - 1))),
                (PngColorType.GrayAlpha, _) => Gray(pixel[0]),
                (_, 16) => (pixel[0], pixel[2], pixel[4]),
                _ => (pixel[0], pixel[1], pixel[2]),
            };
            pixels[to] = red;
            pixels[to + 1] = green;
            pixels[to + 2] = blue;
        }
    }

    // Sample x of a row of one sample per pixel, 8 bits or less; the leftmost is in the high bits (§7.2).
    int Sample(ReadOnlySpan<byte> row, int x)
    {
        long bit = (long)x * header.BitDepth;
        return row[(int)(bit / 8)] >> (int)(8 - header.BitDepth - bit % 8) & ((1 << header.BitDepth) - 1);
    }

    (byte, byte, byte) Color(int index) => (colors[index * 3], colors[index * 3 + 1], colors[index * 3 + 2]);

    static (byte, byte, byte) Gray(byte value) => (value, value, value);
}
