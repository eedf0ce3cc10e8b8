namespace Vrp.Models.Processing.Images;

/// <summary>A picture beyond <see cref="ImageLimits"/>: refused before its pixels are allocated, so that a small file cannot exhaust the memory.</summary>
public sealed class ImageTooLargeException(string source, string found, string limit)
    : ImageException($"{source}: {found}, and the limit is {limit}. Scale the picture down first, or pass other {nameof(ImageLimits)} if you trust the file.");
