using SkiaSharp;
using Vrp.Models.Storage;

namespace Vrp.Models.Images;

/// <summary>Reads picture files as <c>PIL.Image.open(path).convert("RGB")</c> does, bit for bit: alpha is dropped, profiles are not applied, and EXIF
/// orientation is ignored unless asked for. PNG, JPEG, WebP, GIF (its first picture) and BMP are read; others are recognised and refused by
/// name.</summary>
public static class ImageFile
{
    /// <summary>Version of the decoders, milestone first; null where their native library is missing.</summary>
    public static string? DecoderVersion
    {
        get
        {
            try
            {
                return SkiaSharpVersion.Native.ToString();
            }
            catch (Exception e) when (IsMissingLibrary(e))
            {
                return null;
            }
        }
    }

    /// <summary>Reads a picture file; the format is told by its first bytes, not by its name.</summary>
    /// <exception cref="ImageException">Missing, unreadable, too large, in another format, truncated or damaged.</exception>
    public static RgbImage Read(string path, ExifRule exif = ExifRule.Ignore, ImageLimits? limits = null) => ReadWithTraits(path, exif, limits).Image;

    /// <inheritdoc cref="Read"/>
    public static DecodedImage ReadWithTraits(string path, ExifRule exif = ExifRule.Ignore, ImageLimits? limits = null)
    {
        limits ??= ImageLimits.Default;
        try
        {
            using var stream = FileDoor.OpenRead(path);
            if (stream.Length > limits.MaxFileBytes)
                throw new ImageTooLargeException(path, $"the file has {stream.Length} bytes", $"{limits.MaxFileBytes} bytes");
            return DecodeWithTraits(ReadAll(stream, path, limits), path, exif, limits);
        }
        catch (Exception e) when (e is FileException or IOException)
        {
            throw new ImageException($"{path}: the picture cannot be read ({e.Message}). Check the path and its permissions.", e);
        }
    }

    /// <summary>Decodes the bytes of a picture file. <paramref name="source"/> names them in messages.</summary>
    /// <exception cref="ImageException">Too large, in another format, truncated or damaged.</exception>
    public static RgbImage Decode(byte[] bytes, string source = "image", ExifRule exif = ExifRule.Ignore, ImageLimits? limits = null) =>
        DecodeWithTraits(bytes, source, exif, limits).Image;

    /// <inheritdoc cref="Decode"/>
    public static DecodedImage DecodeWithTraits(byte[] bytes, string source = "image", ExifRule exif = ExifRule.Ignore, ImageLimits? limits = null)
    {
        limits ??= ImageLimits.Default;
        if (bytes.LongLength > limits.MaxFileBytes)
            throw new ImageTooLargeException(source, $"the file has {bytes.LongLength} bytes", $"{limits.MaxFileBytes} bytes");
        try
        {
            return ImageDecoder.Decode(bytes, source, exif, limits);
        }
        catch (Exception e) when (IsMissingLibrary(e))
        {
            throw MissingLibrary(e);
        }
    }

    /// <summary>Encodes as baseline JPEG with half the colour resolution (4:2:0); the same pixels and quality give the same bytes.</summary>
    /// <param name="image">The picture, at most 65,500 pixels on a side.</param>
    /// <param name="quality">1 (worst) to 100, libjpeg's scale.</param>
    public static unsafe byte[] EncodeJpeg(RgbImage image, int quality)
    {
        if (quality is < 1 or > 100) throw new ArgumentOutOfRangeException(nameof(quality), quality, "JPEG quality is 1 to 100.");
        var pixels = new byte[checked(image.Width * image.Height * 4)];         // Skia takes no three bytes a pixel; the fourth is not looked at
        for (int from = 0, to = 0; from < image.Pixels.Length; from += RgbImage.Channels, to += 4)
            image.Pixels.AsSpan(from, RgbImage.Channels).CopyTo(pixels.AsSpan(to));
        try
        {
            fixed (byte* start = pixels)
            {
                using var pixmap = new SKPixmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgb888x, SKAlphaType.Opaque, null), (nint)start);
                using var jpeg = pixmap.Encode(new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore));
                return jpeg?.ToArray()
                    ?? throw new ImageException($"Encoding {image.Width} x {image.Height} pixels as JPEG failed. Expected at most 65,500 on a side.");
            }
        }
        catch (Exception e) when (IsMissingLibrary(e))
        {
            throw MissingLibrary(e);
        }
    }

    static byte[] ReadAll(Stream stream, string path, ImageLimits limits)
    {
        using var all = new MemoryStream(stream.CanSeek ? (int)stream.Length : 0);
        var buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (all.Length + read > limits.MaxFileBytes)
                throw new ImageTooLargeException(path, $"the file has more than {limits.MaxFileBytes} bytes", $"{limits.MaxFileBytes} bytes");
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    // The first call of a static constructor that needs the library wraps what went wrong.
    static bool IsMissingLibrary(Exception e) =>
        e is DllNotFoundException or BadImageFormatException or TypeInitializationException { InnerException: DllNotFoundException or BadImageFormatException };

    static ImageException MissingLibrary(Exception e) =>
        new($"Pictures need libSkiaSharp, which cannot be loaded here ({(e.InnerException ?? e).Message.Split('\n')[0]}). "
            + "Build on the system that runs this: each build holds the library of its own system.", e);
}
