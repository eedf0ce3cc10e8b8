namespace Vrp.Models.Processing.Images;

/// <summary>Reads picture files as <c>PIL.Image.open(path).convert("RGB")</c> does, bit for bit: alpha is dropped, EXIF orientation ignored.
/// JPEG and PNG are read; other formats are recognised and refused by name.</summary>
public static class ImageFile
{
    /// <summary>Reads a JPEG or PNG file; the format is told by its first bytes, not by its name.</summary>
    /// <exception cref="ImageException">Missing, unreadable, too large, in another format, truncated or damaged.</exception>
    public static RgbImage Read(string path, ImageLimits? limits = null)
    {
        limits ??= ImageLimits.Default;
        try
        {
            // Not every path is a regular file (a pipe has no length); what counts is what is read.
            using var stream = File.OpenRead(path);
            if (stream.CanSeek && stream.Length > limits.MaxFileBytes)
                throw new ImageTooLargeException(path, $"the file has {stream.Length} bytes", $"{limits.MaxFileBytes} bytes");
            return Decode(ReadAll(stream, path, limits), path, limits);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"{path}: the picture cannot be read ({e.Message}). Check the path and its permissions.", e);
        }
    }

    /// <summary>Decodes the bytes of a JPEG or PNG file. <paramref name="source"/> names them in messages.</summary>
    /// <exception cref="ImageException">Too large, in another format, truncated or damaged.</exception>
    public static RgbImage Decode(byte[] bytes, string source = "image", ImageLimits? limits = null)
    {
        limits ??= ImageLimits.Default;
        if (bytes.LongLength > limits.MaxFileBytes)
            throw new ImageTooLargeException(source, $"the file has {bytes.LongLength} bytes", $"{limits.MaxFileBytes} bytes");
        if (PngCodec.Recognises(bytes)) return PngCodec.Decode(bytes, source, limits);
        if (JpegCodec.Recognises(bytes)) return JpegCodec.Decode(bytes, source, limits);
        throw new UnsupportedImageException(source, FileSignatures.Describe(bytes));
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
}
