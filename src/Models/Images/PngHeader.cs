using System.Buffers.Binary;

namespace Vrp.Models.Images;

/// <summary>What is looked at in a PNG file before it is decoded (W3C PNG, third edition): its size, its kind, and whether it runs to its end. And the two
/// places in which Skia's pixels differ from Pillow's, both put right by handing Skia another header to the same image data.</summary>
/// <param name="BitDepth">Bits per sample.</param>
/// <param name="ColorType">0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha.</param>
/// <param name="Palette">Where the PLTE chunk's colours begin and how many bytes they take.</param>
/// <param name="Transparency">The same of the tRNS chunk.</param>
/// <param name="Orientation">As an eXIf chunk says, which Skia does not look at; 1 without one.</param>
sealed record PngHeader(int BitDepth, int ColorType, (int At, int Length)? Palette = null, (int At, int Length)? Transparency = null, int Orientation = 1)
{
    const int Signature = 8, LengthAndType = 8, Checksum = 4, Overhead = LengthAndType + Checksum, DepthAt = 24, ColorTypeAt = 25, HeaderLength = 13;

    // Deflate spends at least 2 bits on 258 bytes, so a stream cannot inflate by more than this (zlib's technical notes).
    const int MostInflation = 1032;

    /// <summary>16-bit plain gray, which Pillow holds as integers (modes I and I;16) and clips at 255 when it converts; of all other kinds it keeps the high
    /// byte.</summary>
    public bool IsClipped => ColorType == 0 && BitDepth == 16;

    /// <exception cref="ImageException">Truncated, too large, or fewer data than its size needs.</exception>
    public static PngHeader Parse(ReadOnlySpan<byte> bytes, string source, ImageLimits limits)
    {
        PngHeader? header = null;
        long data = 0, needed = 0;
        for (var at = Signature; ;)
        {
            if (bytes.Length - at < Overhead) throw Broken("the file is truncated, it ends before its IEND chunk");
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - Overhead)
                throw Broken($"the file is truncated, its chunk at byte {at} says {length} bytes and {bytes.Length - at - Overhead} are left");
            ReadOnlySpan<byte> type = bytes.Slice(at + 4, 4);
            var content = (At: at + LengthAndType, Length: (int)length);
            if (header is null)
            {
                if (!type.SequenceEqual("IHDR"u8) || length != HeaderLength) throw Broken("it does not begin with an IHDR chunk of 13 bytes");
                var width = BinaryPrimitives.ReadUInt32BigEndian(bytes[content.At..]);
                var height = BinaryPrimitives.ReadUInt32BigEndian(bytes[(content.At + 4)..]);
                if (width == 0 || height == 0) throw Broken($"its header says {width} x {height} pixels");
                limits.Check(source, width, height);
                (var depth, var color) = (bytes[DepthAt], bytes[ColorTypeAt]);
                needed = (width * depth * (color switch { 2 => 3L, 4 => 2, 6 => 4, _ => 1 }) + 7) / 8 * height;
                header = new PngHeader(depth, color);
            }
            else if (type.SequenceEqual("IDAT"u8)) data += length;
            else if (type.SequenceEqual("PLTE"u8)) header = header with { Palette = content };
            else if (type.SequenceEqual("tRNS"u8)) header = header with { Transparency = content };
            else if (type.SequenceEqual("eXIf"u8)) header = header with { Orientation = Exif.Orientation(bytes.Slice(content.At, content.Length)) };
            else if (type.SequenceEqual("IEND"u8)) break;
            at += Overhead + (int)length;
        }

        if (data == 0) throw Broken("it has no IDAT chunk");
        return needed <= data * MostInflation ? header : throw Broken($"its {data} bytes of image data cannot hold the {needed} that its size takes");

        CorruptImageException Broken(string problem) => new(source, "PNG", problem);
    }

    /// <summary>The file as Skia has to read it; the same bytes for most.</summary>
    public byte[] ForSkia(byte[] bytes)
    {
        if (IsClipped)
        {
            // Skia would keep the high byte alone. Read as 8-bit gray and alpha the same data give both: samples, filters and passes lie alike. Such a file
            // has no tRNS.
            const int Content = Signature + LengthAndType;
            byte[] both = Transparency is var (at, length) ? [.. bytes[..(at - LengthAndType)], .. bytes[(at + length + Checksum)..]] : [.. bytes];
            return Rewrite(both, (Content, HeaderLength), content => (content[DepthAt - Content], content[ColorTypeAt - Content]) = (8, 4));
        }

        // Pixels beyond the palette's end are black to Pillow, and have its last colour to Skia.
        return ColorType == 3 && BitDepth <= 8 && Palette is { } palette && palette.Length % 3 == 0 && palette.Length < 3 << BitDepth
            ? Rewrite(bytes, palette, _ => { }, 3 << BitDepth) : bytes;
    }

    /// <summary>The file with a chunk's content changed, and grown to <paramref name="length"/> with zeros. A chunk that is damaged stays so, for Skia to
    /// find.</summary>
    static byte[] Rewrite(byte[] bytes, (int At, int Length) chunk, Action<byte[]> change, int length = 0)
    {
        int begin = chunk.At - LengthAndType, end = chunk.At + chunk.Length;
        if (Crc(bytes.AsSpan(begin + 4, 4), bytes.AsSpan(chunk.At, chunk.Length)) != BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(end))) return bytes;
        var content = new byte[Math.Max(length, chunk.Length)];
        bytes.AsSpan(chunk.At, chunk.Length).CopyTo(content);
        change(content);
        byte[] size = new byte[4], checksum = new byte[Checksum];
        BinaryPrimitives.WriteInt32BigEndian(size, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc(bytes.AsSpan(begin + 4, 4), content));
        return [.. bytes[..begin], .. size, .. bytes[(begin + 4)..chunk.At], .. content, .. checksum, .. bytes[(end + Checksum)..]];
    }

    // §D: polynomial 0xEDB88320, reflected. The base class library has none, and these are a few hundred bytes at most.
    static uint Crc(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        foreach (var value in (byte[])[.. type, .. content])
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
