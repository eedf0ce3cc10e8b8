using System.Runtime.InteropServices;
using SkiaSharp;

namespace Vrp.Models.Images;

/// <summary>What an image file carries besides its colours: where readers of images differ, this decides what they see.</summary>
/// <param name="Format">PNG, JPEG, WebP, GIF or BMP.</param>
/// <param name="Orientation">EXIF's 1 to 8; 1, also where the file says nothing: rows from the top, columns from the left.</param>
/// <param name="Transparent">Whether a pixel is not fully opaque.</param>
/// <param name="SixteenBit">Whether samples have 16 bits, of which 8 are kept.</param>
public sealed record ImageTraits(string Format, int Orientation, bool Transparent, bool SixteenBit);

/// <summary>An image as it is read, and what its file said of it.</summary>
/// <param name="Image">The pixels.</param>
/// <param name="Traits">Of the file; the orientation is the one before it was applied.</param>
public sealed record DecodedImage(RgbImage Image, ImageTraits Traits);

/// <summary>Skia's decoders, held to what Pillow's <c>convert("RGB")</c> gives: no colour management, alpha dropped and never multiplied in, nothing turned
/// unasked, and an image whose data end early refused. <c>SKBitmap.Decode</c> does none of these.</summary>
static class ImageDecoder
{
    /// <summary>Images of more pixels than this are decoded one at a time in a process, however many threads read images: seven bytes a pixel are held
    /// meanwhile, 112 MB up to here and 1.25 GB at the default limit.</summary>
    const long Large = 16_000_000;

    static readonly Lock oneLarge = new();

    /// <exception cref="ImageException">Too large, in another format, truncated or damaged.</exception>
    public static unsafe DecodedImage Decode(byte[] bytes, string source, ExifRule exif, ImageLimits limits)
    {
        var format = FileSignatures.Recognise(bytes) ?? throw new UnsupportedImageException(source, FileSignatures.Describe(bytes));
        PngHeader? png = null;
        var hadTransparentColor = false;
        switch (format)
        {
            case "PNG":
                png = PngHeader.Parse(bytes, source, limits);
                (bytes, hadTransparentColor) = (png.ForSkia(bytes), png is { IsClipped: true, Transparency: not null });
                break;
            case "JPEG":
                JpegHeader.Check(bytes, source, limits);
                break;
            case "GIF":
                (bytes, hadTransparentColor) = GifTransparency.Clear(bytes);
                break;
        }

        fixed (byte* file = bytes)
        {
            using var data = SKData.Create((nint)file, bytes.Length);
            using var codec = SKCodec.Create(new SKMemoryStream(data), out var opened) ?? throw Refusal(opened, format, source);
            limits.Check(source, codec.Info.Width, codec.Info.Height);
            var (image, transparent) = Pixels(codec, png?.IsClipped == true, format, source);
            var traits = new ImageTraits(format, png?.Orientation ?? (int)codec.EncodedOrigin, transparent || hadTransparentColor, png?.BitDepth == 16);
            return new DecodedImage(exif == ExifRule.Transpose ? Exif.Upright(image, traits.Orientation) : image, traits);
        }
    }

    static (RgbImage Image, bool Transparent) Pixels(SKCodec codec, bool clipped, string format, string source)
    {
        if ((long)codec.Info.Width * codec.Info.Height <= Large) return Decode();
        lock (oneLarge)
        {
            // The one before is garbage of hundreds of MB by now, which the collector would leave for later and the system's memory may not have room for.
            GC.Collect();
            return Decode();
        }

        unsafe (RgbImage, bool) Decode()
        {
            // A format of the pixels without a colour space is what turns colour management off.
            var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
            var pixels = NativeMemory.Alloc((nuint)info.BytesSize64);
            try
            {
                var result = codec.GetPixels(info, (nint)pixels);
                if (result != SKCodecResult.Success) throw Refusal(result, format, source);
                var image = new RgbImage(info.Width, info.Height);
                return (image, clipped ? Clip((uint*)pixels, image) : DropAlpha((uint*)pixels, image));
            }
            finally
            {
                NativeMemory.Free(pixels);
            }
        }
    }

    /// <summary>Whether a pixel was not fully opaque.</summary>
    static unsafe bool DropAlpha(uint* from, RgbImage image)
    {
        var all = uint.MaxValue;
        fixed (byte* start = image.Pixels)
        {
            var to = start;
            for (var end = start + image.Pixels.Length; to < end; to += RgbImage.Channels)
            {
                var pixel = *from++;
                (to[0], to[1], to[2]) = ((byte)pixel, (byte)(pixel >> 8), (byte)(pixel >> 16));
                all &= pixel;
            }
        }

        return all >> 24 != byte.MaxValue;
    }

    /// <summary>The high byte lies in the colours and the low one in alpha (<see cref="PngHeader.ForSkia"/>): what is above 255 becomes 255.</summary>
    static unsafe bool Clip(uint* from, RgbImage image)
    {
        for (var to = 0; to < image.Pixels.Length; to += RgbImage.Channels, from++)
            image.Pixels.AsSpan(to, RgbImage.Channels).Fill((byte)*from == 0 ? (byte)(*from >> 24) : byte.MaxValue);
        return false;
    }

    static ImageException Refusal(SKCodecResult result, string format, string source) => result switch
    {
        SKCodecResult.IncompleteInput => new CorruptImageException(source, format, "the file is truncated, its data end before the image is complete"),
        SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => new CorruptImageException(source, format, "its data are damaged"),
        SKCodecResult.Unimplemented => new UnsupportedImageException(source, $"a {format} file of a kind that is not read"),
        _ => new ImageException($"{source}: decoding the {format} file failed ({result}), for want of memory or because of its content. "
            + "Convert it to a plain PNG."),
    };
}

/// <summary>The transparent colour of a GIF's first image. Skia makes such pixels black; Pillow's <c>convert("RGB")</c> gives them their colour in the palette,
/// and so does Skia when the file does not call the colour transparent.</summary>
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
