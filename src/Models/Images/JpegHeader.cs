namespace Vrp.Models.Images;

/// <summary>What is looked at in a JPEG file before it is decoded (ITU T.81, annex B), by walking its markers. Skia decodes a progressive file that ends
/// early and calls that a success, and it bounds neither scans nor work; both are seen here.</summary>
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
