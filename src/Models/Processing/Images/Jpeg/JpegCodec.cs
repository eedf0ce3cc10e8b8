using System.Runtime.InteropServices;

namespace Vrp.Models.Processing.Images;

/// <summary>JPEG through libturbojpeg. Decoding is that of Pillow, bit for bit: slow integer DCT, fancy upsampling, the file's own guess of
/// its colour space, CMYK taken as inverted (Adobe's way).</summary>
public static class JpegCodec
{
    // libjpeg warns of oddities and of damage alike. These leave every pixel as it was written, so the file is read, as Pillow does.
    static readonly string[] Harmless = ["extraneous bytes before marker", "Unknown Adobe color transform code", "Invalid SOS parameters", "unknown JFIF revision"];

    /// <summary>Name of the libturbojpeg in use, null when there is none (then JPEG throws <see cref="TurboJpegMissingException"/>).</summary>
    public static string? Library => TurboJpeg.Found;

    /// <summary>Whether the bytes begin as a JPEG file does.</summary>
    public static bool Recognises(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    /// <summary>Decodes a JPEG file: baseline, extended, progressive or arithmetic; gray, YCbCr, RGB, CMYK or YCCK.</summary>
    /// <exception cref="ImageException">Too large, unsupported, truncated or damaged, or libturbojpeg is missing.</exception>
    public static RgbImage Decode(byte[] bytes, string source = "image", ImageLimits? limits = null)
    {
        if (!Recognises(bytes)) throw new CorruptImageException(source, "JPEG", "it does not begin with JPEG's start-of-image marker");
        var header = JpegHeader.Parse(bytes, source);
        (limits ?? ImageLimits.Default).Check(source, header.Width, header.Height);
        return header.Components == 4
            ? FromInvertedCmyk(header, Decompress(bytes, header, TurboJpeg.PixelFormatCmyk, 4, source))
            : new RgbImage(header.Width, header.Height, Decompress(bytes, header, TurboJpeg.PixelFormatRgb, 3, source));
    }

    /// <summary>Encodes as baseline JFIF; the same pixels and settings give the same bytes.</summary>
    /// <param name="image">The picture, at most 65,500 pixels on a side.</param>
    /// <param name="quality">1 (worst) to 100, libjpeg's scale.</param>
    /// <param name="subsampling">Resolution of the colour planes.</param>
    public static unsafe byte[] Encode(RgbImage image, int quality = 90, ChromaSubsampling subsampling = ChromaSubsampling.Both)
    {
        if (quality is < 1 or > 100) throw new ArgumentOutOfRangeException(nameof(quality), quality, "JPEG quality is 1 to 100.");
        nint handle = Open(TurboJpeg.InitCompress);
        nint jpeg = 0;
        try
        {
            fixed (byte* pixels = image.Pixels)
            {
                int failed = TurboJpeg.Compress(handle, pixels, image.Width, image.Width * RgbImage.Channels, image.Height, TurboJpeg.PixelFormatRgb,
                    out jpeg, out var size, (int)subsampling, quality, TurboJpeg.AccurateDct);
                if (failed != 0) throw new ImageException($"Encoding {image.Width} x {image.Height} pixels as JPEG failed: {TurboJpeg.ErrorText(handle)}. Expected at most 65,500 on a side.");
                return new ReadOnlySpan<byte>((void*)jpeg, checked((int)size.Value)).ToArray();
            }
        }
        finally
        {
            TurboJpeg.Free(jpeg);
            TurboJpeg.Destroy(handle);
        }
    }

    static unsafe byte[] Decompress(byte[] bytes, JpegHeader header, int pixelFormat, int channels, string source)
    {
        nint handle = Open(TurboJpeg.InitDecompress);
        try
        {
            fixed (byte* jpeg = bytes)
            {
                var size = new CULong((nuint)bytes.Length);
                // Also fails on a chroma layout that has no TJSAMP name, which decoding does not mind: only the size counts here. Where libjpeg
                // saw another size than we did it would scale into our buffer, so the two must agree.
                _ = TurboJpeg.DecompressHeader(handle, jpeg, size, out int width, out int height, out _, out _);
                if (width <= 0 || height <= 0) throw new CorruptImageException(source, "JPEG", TurboJpeg.ErrorText(handle));
                if (width != header.Width || height != header.Height)
                    throw new CorruptImageException(source, "JPEG", $"it has frame headers of {header.Width} x {header.Height} and of {width} x {height} pixels");

                var pixels = GC.AllocateUninitializedArray<byte>(checked(width * height * channels));
                fixed (byte* target = pixels)
                {
                    if (TurboJpeg.Decompress(handle, jpeg, size, target, width, width * channels, height, pixelFormat, TurboJpeg.AccurateDct | TurboJpeg.LimitScans) != 0)
                    {
                        string problem = TurboJpeg.ErrorText(handle);
                        if (TurboJpeg.ErrorCode(handle) != TurboJpeg.Warning || !Harmless.Any(problem.Contains))
                            throw new CorruptImageException(source, "JPEG", problem);
                    }
                }

                return pixels;
            }
        }
        finally
        {
            TurboJpeg.Destroy(handle);
        }
    }

    static nint Open(Func<nint> create)
    {
        try
        {
            nint handle = create();
            return handle != 0 ? handle : throw new ImageException("libturbojpeg could not start, most likely for want of memory.");
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new TurboJpegMissingException([e.Message], e);
        }
    }

    // Pillow takes every CMYK JPEG as inverted, with or without Adobe's marker, then C, M, Y over K: (255 - K) - C * (255 - K) / 255, rounded.
    static RgbImage FromInvertedCmyk(JpegHeader header, byte[] stored)
    {
        var image = new RgbImage(header.Width, header.Height);
        for (int from = 0, to = 0; from < stored.Length; from += 4, to += 3)
        {
            int light = stored[from + 3];
            for (int c = 0; c < 3; c++)
                image.Pixels[to + c] = (byte)(light - MultiplyBytes(255 - stored[from + c], light));
        }

        return image;
    }

    // a * b / 255 rounded, in the form that libImaging uses (ImagingUtils.h, MULDIV255).
    static int MultiplyBytes(int a, int b)
    {
        int product = a * b + 128;
        return ((product >> 8) + product) >> 8;
    }
}
