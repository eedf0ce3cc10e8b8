namespace Vrp.Models.Processing.Images;

/// <summary>A JPEG or PNG file that is truncated or damaged, or that breaks its format's rules. Nothing is guessed: pixels that a decoder
/// would have to make up are refused.</summary>
public sealed class CorruptImageException(string source, string format, string problem, Exception? inner = null)
    : ImageException($"{source}: not a readable {format} file: {problem}. Expected a whole, undamaged file; fetch or export it again.", inner);
