namespace Vrp.Models.Images;

/// <summary>What is looked at in a JPEG file before it is decoded (ITU T.81, annex B), by walking its markers. Skia decodes a progressive file that ends early
/// and calls that a success, and it bounds neither scans nor work; both are seen here.</summary>
static class JpegHeader
{
    const byte StartOfScan = 0xDA, EndOfImage = 0xD9, Temporary = 0x01;

    /// <exception cref="ImageException">Truncated, too large, too many scans, or of a process that is not read.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, string source, ImageLimits limits)
    {
        long pixels = 0;
        var scans = 0;
        for (var at = 2; ;)
        {
            // Between segments this skips fill bytes, after a scan's header the entropy-coded data (where a 0 follows each 0xFF that is data).
            var found = bytes[at..].IndexOf((byte)0xFF);
            if (found < 0) throw Truncated();
            at += found;
            while (at < bytes.Length && bytes[at] == 0xFF) at++;
            if (at == bytes.Length) throw Truncated();

            var marker = bytes[at++];
            if (marker is 0 or Temporary or (>= 0xD0 and <= 0xD8)) continue;        // stuffing, TEM, RSTn, SOI: no parameters
            if (marker == EndOfImage) break;

            if (at + 2 > bytes.Length) throw Truncated();
            var length = bytes[at] << 8 | bytes[at + 1];
            if (length < 2) throw new CorruptImageException(source, "JPEG", $"the segment at byte {at - 2} has length {length}");
            if (at + length > bytes.Length) throw Truncated();

            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))       // SOFn; C4 DHT, C8 JPG, CC DAC
                pixels = Math.Max(pixels, Frame(bytes.Slice(at + 2, length - 2), marker, source, limits));
            else if (marker == StartOfScan && ++scans > ImageLimits.MaxScans)
                throw new ImageTooLargeException(source, $"it has more than {ImageLimits.MaxScans} scans", $"{ImageLimits.MaxScans} scans");
            at += length;
        }

        if (pixels == 0) throw new CorruptImageException(source, "JPEG", "it has no frame header");
        if (scans == 0) throw new CorruptImageException(source, "JPEG", "it has no scan");
        if (scans * pixels > limits.MaxScannedPixels)
            throw new ImageTooLargeException(source, $"it has {scans} scans of {pixels} pixels each", $"{limits.MaxScannedPixels} pixels in all scans");

        CorruptImageException Truncated() => new(source, "JPEG", "the file is truncated, it ends before the end-of-image marker");
    }

    static long Frame(ReadOnlySpan<byte> frame, byte marker, string source, ImageLimits limits)
    {
        if (frame.Length < 6) throw new CorruptImageException(source, "JPEG", "its frame header is too short");
        int precision = frame[0], height = frame[1] << 8 | frame[2], width = frame[3] << 8 | frame[4], components = frame[5];
        if (marker is not (0xC0 or 0xC1 or 0xC2 or 0xC9 or 0xCA))
            throw new UnsupportedImageException(source, $"a JPEG of a process that is hardly ever used (SOF{marker - 0xC0}: lossless or hierarchical)");
        if (precision != 8) throw new UnsupportedImageException(source, $"a JPEG with {precision} bits per sample");
        if (components is not (1 or 3 or 4)) throw new UnsupportedImageException(source, $"a JPEG with {components} components");
        if (width == 0 || height == 0) throw new CorruptImageException(source, "JPEG", $"its header says {width} x {height} pixels");
        limits.Check(source, width, height);
        return (long)width * height;
    }
}

/// <summary>How an image is read whose EXIF data give an orientation, as phones write them.</summary>
public enum ExifRule
{
    /// <summary>Pixels as they are stored: PIL's <c>Image.open(path).convert("RGB")</c>, which published evaluations use.</summary>
    Ignore,

    /// <summary>Turned upright: PIL's <c>ImageOps.exif_transpose</c>, which transformers' <c>load_image</c> uses.</summary>
    Transpose,
}

/// <summary>EXIF's eight orientations (EXIF 2.32, tag 0x0112).</summary>
static class Exif
{
    const int OrientationTag = 0x0112, EntrySize = 12;

    /// <summary>What a TIFF directory says; 1 where it says nothing that can be read.</summary>
    public static int Orientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8))) return 1;
        var little = tiff[0] == 'I';
        var directory = Number(tiff[4..], 4);
        if (directory > tiff.Length - 2) return 1;
        var entries = tiff[((int)directory + 2)..];
        for (var left = Number(tiff[(int)directory..], 2); left > 0 && entries.Length >= EntrySize; left--, entries = entries[EntrySize..])
            if (Number(entries, 2) == OrientationTag)
                return Number(entries[8..], 2) is >= 1 and <= 8 and var orientation ? (int)orientation : 1;
        return 1;

        uint Number(ReadOnlySpan<byte> at, int bytes)
        {
            uint number = 0;
            for (var i = 0; i < bytes; i++) number = number << 8 | at[little ? bytes - 1 - i : i];
            return number;
        }
    }

    /// <summary>The image turned and mirrored to what the orientation means.</summary>
    public static RgbImage Upright(RgbImage image, int orientation)
    {
        if (orientation == 1) return image;
        int right = image.Width - 1, bottom = image.Height - 1;
        var result = orientation < 5 ? new RgbImage(image.Width, image.Height) : new RgbImage(image.Height, image.Width);
        for (var y = 0; y < result.Height; y++)
        {
            var row = result.Row(y);
            for (var x = 0; x < result.Width; x++)
            {
                var (column, line) = orientation switch
                {
                    2 => (right - x, y),
                    3 => (right - x, bottom - y),
                    4 => (x, bottom - y),
                    5 => (y, x),
                    6 => (y, bottom - x),
                    7 => (right - y, bottom - x),
                    8 => (right - y, x),
                    _ => throw new ArgumentOutOfRangeException(nameof(orientation), orientation, "EXIF has the orientations 1 to 8."),
                };
                image.Row(line).Slice(column * RgbImage.Channels, RgbImage.Channels).CopyTo(row[(x * RgbImage.Channels)..]);
            }
        }

        return result;
    }
}
