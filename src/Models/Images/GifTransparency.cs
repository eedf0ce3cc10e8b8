namespace Vrp.Models.Images;

/// <summary>The transparent colour of a GIF's first picture. Skia makes such pixels black; Pillow's <c>convert("RGB")</c> gives them their colour in the
/// palette, and so does Skia when the file does not call the colour transparent.</summary>
static class GifTransparency
{
    const int Header = 13, FlagAt = 3;
    const byte Extension = 0x21, GraphicControl = 0xF9, HasTransparentColor = 1;

    /// <summary>The file with no transparent colour, and whether it had one; the same bytes where it had none.</summary>
    public static (byte[] Bytes, bool Had) Clear(byte[] bytes)
    {
        if (bytes.Length < Header) return (bytes, false);
        var at = Header + ((bytes[10] & 0x80) != 0 ? 3 << ((bytes[10] & 7) + 1) : 0);         // the global palette
        while (at + FlagAt < bytes.Length && bytes[at] == Extension)
        {
            if (bytes[at + 1] == GraphicControl && (bytes[at + FlagAt] & HasTransparentColor) != 0)
            {
                byte[] opaque = [.. bytes];
                opaque[at + FlagAt] &= 0xFF ^ HasTransparentColor;
                return (opaque, true);
            }

            for (at += 2; at < bytes.Length && bytes[at] != 0;) at += 1 + bytes[at];          // blocks, each after its length
            at++;
        }

        return (bytes, false);
    }
}
