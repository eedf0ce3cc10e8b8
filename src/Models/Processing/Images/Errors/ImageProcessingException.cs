namespace Vrp.Models.Processing.Images;

/// <summary>Pictures that a checkpoint's image processor refuses, as Hugging Face's does (an extreme aspect ratio, sizes that cannot be batched).</summary>
public sealed class ImageProcessingException(string message) : ImageException(message);
