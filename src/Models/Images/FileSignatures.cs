namespace Vrp.Models.Images;

/// <summary>Tells formats by a file's first bytes: those that are read, and by name those that are refused.</summary>
static class FileSignatures
{
    static readonly (int Offset, byte[] Bytes, string Name)[] Read =
    [
        (0, [0x89, .. "PNG\r\n\x1A\n"u8], "PNG"),
        (0, [0xFF, 0xD8, 0xFF], "JPEG"),
        (8, "WEBP"u8.ToArray(), "WebP"),
        (0, "GIF8"u8.ToArray(), "GIF"),
        (0, "BM"u8.ToArray(), "BMP"),
    ];

    static readonly (int Offset, byte[] Bytes, string Name)[] Refused =
    [
        (0, "II*\0"u8.ToArray(), "a TIFF file"),
        (0, "MM\0*"u8.ToArray(), "a TIFF file"),
        (0, "II+\0"u8.ToArray(), "a BigTIFF file"),
        (0, "MM\0+"u8.ToArray(), "a BigTIFF file"),
        (4, "ftypavif"u8.ToArray(), "an AVIF file"),
        (4, "ftypavis"u8.ToArray(), "an AVIF file"),
        (4, "ftyphei"u8.ToArray(), "a HEIC file"),
        (4, "ftyphev"u8.ToArray(), "a HEIC file"),
        (4, "ftypmif1"u8.ToArray(), "a HEIF file"),
        (4, "ftypmsf1"u8.ToArray(), "a HEIF file"),
        (4, "ftyp"u8.ToArray(), "an MP4 or QuickTime file"),
        (4, "jP  \r\n"u8.ToArray(), "a JPEG 2000 file"),
        (0, [0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000 file"),
        (0, [0xFF, 0x0A], "a JPEG XL file"),
        (4, "JXL "u8.ToArray(), "a JPEG XL file"),
        (0, [0, 0, 1, 0], "an ICO file"),
        (0, "8BPS"u8.ToArray(), "a Photoshop file"),
        (0, "%PDF"u8.ToArray(), "a PDF file"),
        (0, "P6"u8.ToArray(), "a PPM file"),
        (0, "P5"u8.ToArray(), "a PGM file"),
        (0, "version https://git-lfs"u8.ToArray(), "a Git LFS pointer, not the image itself (git lfs pull fetches it)"),
        (0, "<"u8.ToArray(), "text (SVG, HTML or XML)"),
        (0, [0x1F, 0x8B], "a gzip archive"),
        (0, "PK"u8.ToArray(), "a ZIP archive"),
    ];

    /// <summary>PNG, JPEG, WebP, GIF or BMP; null for anything else.</summary>
    public static string? Recognise(ReadOnlySpan<byte> bytes) => Find(Read, bytes);

    /// <summary>What the file is, for the message that refuses it.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? "an empty file"
        : Find(Refused, bytes) ?? $"a file of an unknown format (it begins with the bytes {Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])})";

    static string? Find((int Offset, byte[] Bytes, string Name)[] known, ReadOnlySpan<byte> bytes)
    {
        foreach (var (offset, signature, name) in known)
            if (bytes.Length >= offset + signature.Length && bytes.Slice(offset, signature.Length).SequenceEqual(signature))
                return name;
        return null;
    }
}
