namespace Vrp.Models.Processing.Images;

/// <summary>A file in a format, or a variant of JPEG or PNG, that is not read here. The message names what was found.</summary>
public sealed class UnsupportedImageException(string source, string found)
    : ImageException($"{source}: this is {found}; expected a JPEG or PNG picture. Convert it to PNG first (for example: convert INPUT OUTPUT.png).");
