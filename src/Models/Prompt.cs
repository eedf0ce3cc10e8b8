using Vrp.Models.Images;

namespace Vrp.Models;

/// <summary>One prompt: text in the family's chat format, with one image token per image (<see cref="Processor.Format"/> makes it from a question), and its
/// images in order.</summary>
public sealed record Prompt(string Text, IReadOnlyList<RgbImage> Images);
