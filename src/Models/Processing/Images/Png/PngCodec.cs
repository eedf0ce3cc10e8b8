using System.Buffers.Binary;
using System.IO.Compression;

namespace Vrp.Models.Processing.Images;

/// <summary>PNG (W3C PNG specification, third edition) on the base class library's zlib: every colour type, depth and interlace is read;
/// 8-bit RGB is written.</summary>
public static class PngCodec
{
    // Deflate spends at least 2 bits on 258 bytes, so a stream cannot inflate by more than this (zlib's technical notes).
    const int MostInflation = 1032;

    static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether the bytes begin as a PNG file does.</summary>
    public static bool Recognises(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature);

    /// <summary>Decodes a PNG file to RGB as Pillow does.</summary>
    /// <exception cref="ImageException">Too large, truncated or damaged (checksums, chunk order, image data of another length than the header says).</exception>
    public static RgbImage Decode(byte[] bytes, string source = "image", ImageLimits? limits = null)
    {
        if (!Recognises(bytes)) throw new CorruptImageException(source, "PNG", "it does not begin with PNG's signature");
        var chunks = PngChunks.Parse(bytes, source, limits ?? ImageLimits.Default);
        var header = chunks.Header;
        long expected = header.InflatedBytes;
        if (expected > (long)chunks.Data.Length * MostInflation)
            throw new CorruptImageException(source, "PNG", $"its {chunks.Data.Length} bytes of image data cannot hold the {expected} that {header.Width} x {header.Height} pixels take");

        var image = new RgbImage(header.Width, header.Height);
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(chunks.Data), CompressionMode.Decompress);
            foreach (var pass in PngPass.Of(header)) ReadPass(zlib, header, new PngPixels(header, chunks.Palette), pass, image, source);
            // One read past the end makes zlib compare its own checksum too.
            if (zlib.ReadByte() >= 0) throw new CorruptImageException(source, "PNG", $"its image data inflate to more than the {expected} bytes that the header implies");
        }
        catch (InvalidDataException e)
        {
            throw new CorruptImageException(source, "PNG", "its compressed image data are damaged", e);
        }

        return image;
    }

    /// <summary>Encodes as 8-bit RGB PNG; the same pixels give the same bytes with the same runtime.</summary>
    public static byte[] Encode(RgbImage image, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = (byte)PngColorType.Rgb;
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(image, level));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    static void ReadPass(ZLibStream zlib, PngHeader header, PngPixels pixels, PngPass pass, RgbImage image, string source)
    {
        int rowBytes = header.RowBytes(pass.Width);
        byte[] row = new byte[1 + rowBytes], above = new byte[1 + rowBytes];        // the filter's number first
        for (int y = 0; y < pass.Height; y++)
        {
            if (zlib.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
                throw new CorruptImageException(source, "PNG", "the file is truncated, its image data end before the last row");
            if (!PngFilter.TryUndo(row[0], row.AsSpan(1), above.AsSpan(1), header.FilterDistance))
                throw new CorruptImageException(source, "PNG", $"row {y} names filter {row[0]}; 0 to 4 exist");
            pixels.Unpack(row.AsSpan(1), pass.Width, image.Row(pass.Y + y * pass.StepY), pass.X, pass.StepX);
            (row, above) = (above, row);
        }
    }

    // Per row the filter whose bytes, taken as signed, are smallest in sum: the specification's own heuristic (§12.7).
    static byte[] Compress(RgbImage image, CompressionLevel level)
    {
        int rowBytes = image.Width * RgbImage.Channels;
        byte[] best = new byte[rowBytes], candidate = new byte[rowBytes], nothing = new byte[rowBytes];
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, level, leaveOpen: true))
        {
            for (int y = 0; y < image.Height; y++)
            {
                long smallest = long.MaxValue;
                byte chosen = 0;
                for (byte filter = 0; filter < PngFilter.Count; filter++)
                {
                    PngFilter.Apply(filter, image.Row(y), y == 0 ? nothing : image.Row(y - 1), RgbImage.Channels, candidate);
                    long sum = 0;
                    foreach (byte value in candidate) sum += Math.Abs((int)(sbyte)value);
                    if (sum >= smallest) continue;
                    (smallest, chosen) = (sum, filter);
                    (best, candidate) = (candidate, best);
                }

                zlib.WriteByte(chosen);
                zlib.Write(best);
            }
        }

        return compressed.ToArray();
    }

    static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        byte[] typed = [.. type, .. content];
        file.Write(typed);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngCrc.Of(typed));
        file.Write(number);
    }
}
