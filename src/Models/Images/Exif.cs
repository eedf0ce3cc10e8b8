namespace Vrp.Models.Images;

/// <summary>What becomes of a picture whose EXIF data say that it lies on its side, as phones write them.</summary>
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

    /// <summary>The picture turned and mirrored to what the orientation means.</summary>
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
