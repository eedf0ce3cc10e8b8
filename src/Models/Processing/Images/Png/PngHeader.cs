using System.Buffers.Binary;

namespace Vrp.Models.Processing.Images;

/// <summary>The IHDR chunk of a PNG file.</summary>
/// <param name="BitDepth">Bits per sample: 1, 2, 4, 8 or 16.</param>
sealed record PngHeader(int Width, int Height, int BitDepth, PngColorType ColorType, bool Interlaced)
{
    /// <summary>Samples per pixel.</summary>
    public int Samples => ColorType switch { PngColorType.Rgb => 3, PngColorType.GrayAlpha => 2, PngColorType.RgbAlpha => 4, _ => 1 };

    /// <summary>Bytes from a byte to the one of the pixel before, at least 1: the distance of the filters (§9.2).</summary>
    public int FilterDistance => Math.Max(1, Samples * BitDepth / 8);

    /// <summary>Bytes of a row of <paramref name="width"/> pixels, without the filter byte.</summary>
    public int RowBytes(int width) => (int)(((long)width * Samples * BitDepth + 7) / 8);

    /// <summary>Bytes of all rows of all passes, filter bytes included: what the image data must inflate to.</summary>
    public long InflatedBytes => PngPass.Of(this).Sum(pass => (long)pass.Height * (1 + RowBytes(pass.Width)));

    public static PngHeader Parse(ReadOnlySpan<byte> data, string source, ImageLimits limits)
    {
        if (data.Length != 13) throw new CorruptImageException(source, "PNG", $"its IHDR chunk has {data.Length} bytes and not 13");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        byte depth = data[8], color = data[9], compression = data[10], filter = data[11], interlace = data[12];
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue) throw new CorruptImageException(source, "PNG", $"its header says {width} x {height} pixels");
        bool known = (color, depth) is (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16);
        if (!known) throw new CorruptImageException(source, "PNG", $"colour type {color} with {depth} bits per sample does not exist");
        if (compression != 0 || filter != 0 || interlace > 1)
            throw new CorruptImageException(source, "PNG", $"compression {compression}, filter {filter}, interlace {interlace} does not exist (0, 0, 0 or 1 do)");

        limits.Check(source, width, height);
        return new PngHeader((int)width, (int)height, depth, (PngColorType)color, interlace == 1);
    }
}
