namespace Vrp.Models.Images;

/// <summary>A picture that cannot be used: base of the errors of this folder. The message begins with the file's name.</summary>
public class ImageException(string message, Exception? inner = null) : VrpException(message, inner);

/// <summary>A picture file that is truncated or damaged, or that breaks its format's rules. Nothing is guessed: pixels that a decoder would have to make
/// up are refused.</summary>
public sealed class CorruptImageException(string source, string format, string problem)
    : ImageException($"{source}: not a readable {format} file: {problem}. Expected a whole, undamaged file; fetch or export it again.");

/// <summary>A picture beyond <see cref="ImageLimits"/>: refused before its pixels are allocated, so that a small file cannot exhaust the memory.</summary>
public sealed class ImageTooLargeException(string source, string found, string limit)
    : ImageException($"{source}: {found}, and the limit is {limit}. Scale the picture down first, or pass other {nameof(ImageLimits)} if you trust the file.");

/// <summary>A file in a format, or a variant of one, that is not read here. The message names what was found.</summary>
public sealed class UnsupportedImageException(string source, string found)
    : ImageException($"{source}: this is {found}; expected a PNG, JPEG, WebP, GIF or BMP picture. "
        + "Convert it to PNG first (for example: convert INPUT OUTPUT.png).");

/// <summary>Pictures that a checkpoint's image processor refuses, as Hugging Face's does (an extreme aspect ratio, sizes that cannot be batched).</summary>
public sealed class ImageProcessingException(string message) : ImageException(message);
