namespace Vrp.Models.Processing.Images;

/// <summary>What a JPEG file says before it is decoded (ITU T.81, annex B), read by walking its markers: the size, to be held against the
/// limits, and whether the file runs to its end-of-image marker, which libjpeg would quietly make up.</summary>
/// <param name="Components">1 gray, 3 YCbCr or RGB, 4 CMYK or YCCK.</param>
sealed record JpegHeader(int Width, int Height, int Components)
{
    const byte StartOfScan = 0xDA, EndOfImage = 0xD9, Temporary = 0x01;

    public static JpegHeader Parse(ReadOnlySpan<byte> bytes, string source)
    {
        JpegHeader? header = null;
        int scans = 0;
        for (int at = 2; ;)
        {
            // Between segments this skips fill bytes, after a scan's header the entropy-coded data (where a 0 follows each 0xFF that is data).
            int found = bytes[at..].IndexOf((byte)0xFF);
            if (found < 0) throw Truncated();
            at += found;
            while (at < bytes.Length && bytes[at] == 0xFF) at++;
            if (at == bytes.Length) throw Truncated();

            byte marker = bytes[at++];
            if (marker is 0 or Temporary or (>= 0xD0 and <= 0xD8)) continue;        // stuffing, TEM, RSTn, SOI: no parameters
            if (marker == EndOfImage) break;

            if (at + 2 > bytes.Length) throw Truncated();
            int length = bytes[at] << 8 | bytes[at + 1];
            if (length < 2) throw new CorruptImageException(source, "JPEG", $"the segment at byte {at - 2} has length {length}");
            if (at + length > bytes.Length) throw Truncated();

            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))       // SOFn; C4 DHT, C8 JPG, CC DAC
                header ??= Frame(bytes.Slice(at + 2, length - 2), marker, source);
            else if (marker == StartOfScan && ++scans > ImageLimits.MaxScans)
                throw new ImageTooLargeException(source, $"it has more than {ImageLimits.MaxScans} scans", $"{ImageLimits.MaxScans} scans");
            at += length;
        }

        if (header is null) throw new CorruptImageException(source, "JPEG", "it has no frame header");
        return scans > 0 ? header : throw new CorruptImageException(source, "JPEG", "it has no scan");

        CorruptImageException Truncated() => new(source, "JPEG", "the file is truncated, it ends before the end-of-image marker");
    }

    static JpegHeader Frame(ReadOnlySpan<byte> frame, byte marker, string source)
    {
        if (frame.Length < 6) throw new CorruptImageException(source, "JPEG", "its frame header is too short");
        int precision = frame[0], height = frame[1] << 8 | frame[2], width = frame[3] << 8 | frame[4], components = frame[5];
        if (marker is not (0xC0 or 0xC1 or 0xC2 or 0xC9 or 0xCA))
            throw new UnsupportedImageException(source, $"a JPEG of a process that is hardly ever used (SOF{marker - 0xC0}: lossless or hierarchical)");
        if (precision != 8) throw new UnsupportedImageException(source, $"a JPEG with {precision} bits per sample");
        if (components is not (1 or 3 or 4)) throw new UnsupportedImageException(source, $"a JPEG with {components} components");
        if (width == 0 || height == 0) throw new CorruptImageException(source, "JPEG", $"its header says {width} x {height} pixels");
        return new JpegHeader(width, height, components);
    }
}
