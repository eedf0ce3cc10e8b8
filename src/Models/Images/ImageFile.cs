using SkiaSharp;
using Vrp.Models.Storage;

namespace Vrp.Models.Images;

/// <summary>Reads image files as <c>PIL.Image.open(path).convert("RGB")</c> does, bit for bit: alpha is dropped, profiles are not applied, and EXIF orientation
/// is ignored unless requested. PNG, JPEG, WebP, GIF (its first image) and BMP are read; others are recognised and refused by name.</summary>
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

    /// <summary>Reads an image file; the format is recognised by its first bytes, not by its name.</summary>
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
            throw new ImageException($"{path}: the image cannot be read ({e.Message}). Check the path and its permissions.", e);
        }
    }

    /// <summary>An image's size in its file: width and height as stored, EXIF orientation not applied. Reads the header alone where the format
    /// allows.</summary>
    /// <exception cref="ImageException">As of <see cref="Read"/>; damage behind the header is not noticed.</exception>
    public static (int Width, int Height) ReadSize(string path)
    {
        try
        {
            using var stream = FileDoor.OpenRead(path);
            using var codec = SKCodec.Create(stream);
            if (codec is not null) return (codec.Info.Width, codec.Info.Height);
        }
        catch (Exception e) when (e is FileException or IOException)
        {
            throw new ImageException($"{path}: the image cannot be read ({e.Message}). Check the path and its permissions.", e);
        }
        catch (Exception e) when (IsMissingLibrary(e))
        {
            throw MissingLibrary(e);
        }
        var image = Read(path);                                                         // decoding says what is wrong, or can read what Skia alone cannot
        return (image.Width, image.Height);
    }

    /// <summary>Decodes the bytes of an image file. <paramref name="source"/> names them in messages.</summary>
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
    /// <param name="image">The image, at most 65,500 pixels on a side.</param>
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
        new($"Images need libSkiaSharp, which cannot be loaded here ({(e.InnerException ?? e).Message.Split('\n')[0]}). "
            + "Build on the system that runs this: each build holds the library of its own system.", e);
}

/// <summary>An 8-bit RGB image.</summary>
/// <param name="Width">Pixels per row, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Pixels">uint8[Height, Width, 3], rows from the top, no padding.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>Channels of a pixel: red, green, blue.</summary>
    public const int Channels = 3;

    public int Width { get; } = Width > 0 ? Width : throw new ArgumentOutOfRangeException(nameof(Width), Width, "An image has at least one column.");

    public int Height { get; } = Height > 0 ? Height : throw new ArgumentOutOfRangeException(nameof(Height), Height, "An image has at least one row.");

    public byte[] Pixels { get; } = Pixels.LongLength == (long)Width * Height * Channels ? Pixels
        : throw new ArgumentException($"{Width} x {Height} pixels take {(long)Width * Height * Channels} bytes; got {Pixels.LongLength}.", nameof(Pixels));

    /// <summary>A black image.</summary>
    /// <exception cref="ImageTooLargeException">Beyond what one array holds.</exception>
    public RgbImage(int width, int height) : this(width, height, Allocate(width, height))
    {
    }

    static byte[] Allocate(int width, int height) => (long)width * height * Channels is var bytes && bytes <= Array.MaxLength ? new byte[bytes]
        : throw new ImageTooLargeException("image", $"{width} x {height} pixels", $"{Array.MaxLength / Channels} pixels");

    /// <summary>Row <paramref name="y"/>: uint8[Width, 3].</summary>
    public Span<byte> Row(int y) => Pixels.AsSpan(y * Width * Channels, Width * Channels);
}

/// <summary>What an image may ask for before it is refused as a possible decompression bomb (<see cref="ImageTooLargeException"/>).</summary>
/// <param name="MaxPixels">Width times height; the default is where Pillow refuses too (twice its MAX_IMAGE_PIXELS), 537 MB as RGB.</param>
/// <param name="MaxSide">Width or height: bounds the memory for single rows and for the resizing tables.</param>
/// <param name="MaxFileBytes">Size of the file, in bytes.</param>
public sealed record ImageLimits(long MaxPixels = 178_956_970, int MaxSide = 1_000_000, long MaxFileBytes = 1L << 30)
{
    public static ImageLimits Default { get; } = new();

    /// <summary>Scans of a progressive JPEG, which are usually ten: each is a pass over the whole image, so a small file of many is costly.</summary>
    internal const int MaxScans = 500;

    /// <summary>Scans times pixels of a JPEG: what the largest image with the usual ten takes.</summary>
    internal long MaxScannedPixels => 10 * MaxPixels;

    /// <summary>Throws when a header announces more than allowed.</summary>
    internal void Check(string source, long width, long height)
    {
        var side = Math.Min(MaxSide, 1 << 27);       // so that a row of the widest kind, 8 bytes per pixel, fits an array
        if (width > side || height > side)
            throw new ImageTooLargeException(source, $"its header says {width} x {height} pixels", $"{side} on a side");
        var most = Math.Min(MaxPixels, Array.MaxLength / RgbImage.Channels);
        if (width * height > most)
            throw new ImageTooLargeException(source, $"its header says {width} x {height} = {width * height} pixels", $"{most} pixels");
    }
}

/// <summary>An image that cannot be used: base of the errors of this folder. The message begins with the file's name.</summary>
public class ImageException(string message, Exception? inner = null) : VrpException(message, inner);

/// <summary>An image file that is truncated or damaged, or that breaks its format's rules. Nothing is guessed: pixels that a decoder would have to make up are
/// refused.</summary>
public sealed class CorruptImageException(string source, string format, string problem)
    : ImageException($"{source}: not a readable {format} file: {problem}. Expected a whole, undamaged file; fetch or export it again.");

/// <summary>An image beyond <see cref="ImageLimits"/>: refused before its pixels are allocated, so that a small file cannot exhaust the memory.</summary>
public sealed class ImageTooLargeException(string source, string found, string limit)
    : ImageException($"{source}: {found}, and the limit is {limit}. Scale the image down first, or pass other {nameof(ImageLimits)} if you trust the file.");

/// <summary>A file in a format, or a variant of one, that is not read here. The message names what was found.</summary>
public sealed class UnsupportedImageException(string source, string found)
    : ImageException($"{source}: this is {found}; expected a PNG, JPEG, WebP, GIF or BMP image. "
        + "Convert it to PNG first (for example: convert INPUT OUTPUT.png).");

/// <summary>Images that a checkpoint's image processor refuses, as Hugging Face's does (an extreme aspect ratio, sizes that cannot be batched).</summary>
public sealed class ImageProcessingException(string message) : ImageException(message);
