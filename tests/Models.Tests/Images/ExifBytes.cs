namespace Vrp.Models.Tests.Images;

/// <summary>EXIF data that hold an orientation and nothing else.</summary>
static class ExifBytes
{
    /// <summary>A TIFF header and one entry: tag 0x0112, a 16-bit number.</summary>
    public static byte[] Tiff(int orientation) =>
        [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    /// <summary>A JPEG file with such data, right after its start as the standard wants it.</summary>
    public static byte[] Insert(byte[] jpeg, int orientation)
    {
        byte[] data = [.. "Exif\0\0"u8, .. Tiff(orientation)];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(data.Length + 2), .. data, .. jpeg[2..]];
    }
}
