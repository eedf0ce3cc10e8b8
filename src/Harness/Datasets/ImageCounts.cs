using Vrp.Models.Images;

namespace Vrp.Harness.Datasets;

/// <summary>How many images of a question set carry something that programs read differently, and the rule that was applied: run.json's section
/// "pictures".</summary>
/// <param name="Images">Different images.</param>
/// <param name="Oriented">With an EXIF orientation other than 1.</param>
/// <param name="Transparent">With pixels that are not fully opaque.</param>
/// <param name="SixteenBit">With 16 bits per sample.</param>
/// <param name="Exif">What became of the oriented ones.</param>
public sealed record ImageCounts(int Images, int Oriented, int Transparent, int SixteenBit, ExifRule Exif)
{
    /// <summary>What was done with them.</summary>
    public string Rule => Exif == ExifRule.Transpose ? "EXIF orientation applied (ImageOps.exif_transpose), the rest as PIL's convert(\"RGB\")"
        : "as PIL's convert(\"RGB\"), EXIF orientation ignored";

    /// <summary>One line for a person to know; null where no image carries any of it.</summary>
    internal string? Warning
    {
        get
        {
            string[] parts =
            [
                .. Part(Oriented, "with an EXIF orientation",
                    Exif == ExifRule.Transpose ? "turned upright" : "not turned; \"exif\": \"transpose\" or --exif transpose turns them"),
                .. Part(Transparent, "with transparency", "alpha dropped, the colours under it kept"),
                .. Part(SixteenBit, "with 16 bits per sample", "the high byte kept, plain gray clipped at 255"),
            ];
            return parts.Length == 0 ? null
                : $"of {Images} images {string.Join(", ", parts)}. Other programs may see other pixels; the rule here is PIL's convert(\"RGB\").";
        }
    }

    internal static ImageCounts Of(IReadOnlyCollection<ImageTraits> traits, ExifRule exif) =>
        new(traits.Count, traits.Count(t => t.Orientation != 1), traits.Count(t => t.Transparent), traits.Count(t => t.SixteenBit), exif);

    static IEnumerable<string> Part(int count, string what, string rule) => count == 0 ? [] : [$"{count} {what} ({rule})"];
}
