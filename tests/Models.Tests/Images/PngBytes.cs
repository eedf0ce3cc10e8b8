using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Vrp.Models.Tests.Images;

/// <summary>Builds PNG files by hand, of every kind, so that the kinds that few programs write and wrong files can be built too.</summary>
static class PngBytes
{
    static readonly (int X, int Y, int Dx, int Dy)[] Adam7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static byte[] Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A file of samples[y][x][channel]; each row's filter is the next of <paramref name="filters"/>.</summary>
    public static byte[] Of(int[][][] samples, int depth, int color, bool interlaced, byte[]? palette = null, params byte[][] chunksBeforeData)
    {
        int height = samples.Length, width = samples[0].Length, channels = samples[0][0].Length;
        var raw = new List<byte>();
        var filter = 0;
        foreach (var (x0, y0, dx, dy) in interlaced ? Adam7 : [(0, 0, 1, 1)])
        {
            byte[] above = [];
            for (var y = y0; y < height; y += dy)
            {
                int[] row = [.. Enumerable.Range(0, width).Where(x => x >= x0 && (x - x0) % dx == 0).SelectMany(x => samples[y][x])];
                if (row.Length == 0) continue;
                var packed = Pack(row, depth);
                raw.AddRange(Filter(packed, above, Math.Max(1, channels * depth / 8), filter++ % 5));
                above = packed;
            }
        }

        var body = palette is null ? [] : Chunk("PLTE", palette);
        return [.. Signature, .. Header(width, height, depth, color, interlaced ? 1 : 0), .. chunksBeforeData.SelectMany(c => c), .. body, .. Data([.. raw]),
            .. Chunk("IEND", [])];
    }

    public static byte[] Header(int width, int height, int depth = 8, int color = 2, int interlace = 0, int compression = 0, int filter = 0)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[10], header[11], header[12]) = ((byte)depth, (byte)color, (byte)compression, (byte)filter, (byte)interlace);
        return Chunk("IHDR", header);
    }

    /// <summary>An IDAT chunk of these rows, filter bytes included.</summary>
    public static byte[] Data(byte[] raw) => Chunk("IDAT", Compress(raw));

    public static byte[] Compress(byte[] raw)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal)) zlib.Write(raw);
        return compressed.ToArray();
    }

    public static byte[] Chunk(string type, byte[] content)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. content];
        return [.. BigEndian((uint)content.Length), .. typed, .. BigEndian(Crc(typed))];
    }

    static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    // Bit by bit, as the specification defines it; the codec has a table.
    static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
            for (var bit = 0; bit < 8; bit++)
                crc = ((crc ^ (uint)(value >> bit)) & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        return ~crc;
    }

    static byte[] Pack(int[] samples, int depth)
    {
        if (depth == 16) return [.. samples.SelectMany(s => (byte[])[(byte)(s >> 8), (byte)s])];
        var packed = new byte[(samples.Length * depth + 7) / 8];
        for (var i = 0; i < samples.Length; i++) packed[i * depth / 8] |= (byte)(samples[i] << (8 - depth - i * depth % 8));
        return packed;
    }

    static byte[] Filter(byte[] row, byte[] above, int distance, int filter)
    {
        var result = new List<byte> { (byte)filter };
        for (var i = 0; i < row.Length; i++)
        {
            int a = i >= distance ? row[i - distance] : 0, b = above.Length > 0 ? above[i] : 0, c = i >= distance && above.Length > 0 ? above[i - distance] : 0;
            int p = a + b - c, pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
            var paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
            result.Add((byte)(row[i] - filter switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => paeth, _ => 0 }));
        }

        return [.. result];
    }
}
