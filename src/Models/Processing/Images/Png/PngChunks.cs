using System.Buffers.Binary;
using System.Text;

namespace Vrp.Models.Processing.Images;

/// <summary>The chunks of a PNG file that carry its pixels: IHDR, PLTE and the joined IDATs. Ancillary chunks (gamma, profiles, transparency,
/// animation…) are passed over, as Pillow's <c>convert("RGB")</c> makes nothing of them.</summary>
/// <param name="Palette">uint8[entries, 3], null when the file has none.</param>
/// <param name="Data">The zlib stream of the image.</param>
sealed record PngChunks(PngHeader Header, byte[]? Palette, byte[] Data)
{
    const int Signature = 8, Overhead = 12;         // a chunk's length, type and CRC

    public static PngChunks Parse(ReadOnlySpan<byte> bytes, string source, ImageLimits limits)
    {
        PngHeader? header = null;
        byte[]? palette = null;
        var data = new MemoryStream();
        bool dataEnded = false;
        for (int at = Signature; ;)
        {
            if (bytes.Length - at < Overhead) throw Broken("the file is truncated, it ends before its IEND chunk");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - Overhead) throw Broken($"the file is truncated, its chunk at byte {at} says {length} bytes and {bytes.Length - at - Overhead} are left");
            var typed = bytes.Slice(at + 4, 4 + (int)length);
            ReadOnlySpan<byte> type = typed[..4], content = typed[4..];
            bool critical = (type[0] & 0x20) == 0;
            if (critical && PngCrc.Of(typed) != BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 8 + (int)length)..]))
                throw Broken($"the checksum of its {Name(type)} chunk at byte {at} does not match");
            at += Overhead + (int)length;

            if (header is null)
                header = type.SequenceEqual("IHDR"u8) ? PngHeader.Parse(content, source, limits) : throw Broken($"it begins with {Name(type)} and not with IHDR");
            else if (type.SequenceEqual("IDAT"u8))
            {
                if (dataEnded) throw Broken("its IDAT chunks do not follow one another");
                data.Write(content);
                continue;
            }
            else if (type.SequenceEqual("IEND"u8)) break;
            else if (type.SequenceEqual("PLTE"u8)) palette = Entries(content);
            else if (critical) throw Broken($"it holds a critical chunk {Name(type)} that the format does not know here");
            dataEnded = data.Length > 0;
        }

        if (data.Length == 0) throw Broken("it has no IDAT chunk");
        if (header.ColorType == PngColorType.Palette && palette is null) throw Broken("it has palette colours and no PLTE chunk");
        return new PngChunks(header, palette, data.ToArray());

        byte[] Entries(ReadOnlySpan<byte> content) => content.Length % 3 == 0 && content.Length is > 0 and <= 768 ? content.ToArray()
            : throw Broken($"its PLTE chunk has {content.Length} bytes; three per colour, at most 256 colours, were expected");

        CorruptImageException Broken(string problem) => new(source, "PNG", problem);
    }

    static string Name(ReadOnlySpan<byte> type) =>
        type.IndexOfAnyExceptInRange((byte)'A', (byte)'z') < 0 ? Encoding.ASCII.GetString(type) : Convert.ToHexString(type);
}
