namespace Vrp.Models.Processing.Images;

/// <summary>What a picture file carries beside its colours: where readers of pictures differ, this decides what they see.</summary>
/// <param name="Format">PNG, JPEG, WebP, GIF or BMP.</param>
/// <param name="Orientation">EXIF's 1 to 8; 1, also where the file says nothing: rows from the top, columns from the left.</param>
/// <param name="Transparent">Whether a pixel is not fully opaque.</param>
/// <param name="SixteenBit">Whether samples have 16 bits, of which 8 are kept.</param>
public sealed record ImageTraits(string Format, int Orientation, bool Transparent, bool SixteenBit);

/// <summary>A picture as it is read, and what its file said of it.</summary>
/// <param name="Image">The pixels.</param>
/// <param name="Traits">Of the file; the orientation is the one before it was applied.</param>
public sealed record DecodedImage(RgbImage Image, ImageTraits Traits);
