namespace Vrp.Models.Processing.Images;

/// <summary>What becomes of a picture whose EXIF data say that it lies on its side, as phones write them.</summary>
public enum ExifRule
{
    /// <summary>Pixels as they are stored: PIL's <c>Image.open(path).convert("RGB")</c>, which published evaluations use.</summary>
    Ignore,

    /// <summary>Turned upright: PIL's <c>ImageOps.exif_transpose</c>, which transformers' <c>load_image</c> uses.</summary>
    Transpose,
}
