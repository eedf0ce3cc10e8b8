namespace Vrp.Models.Images;

/// <summary>A <c>size</c> or <c>crop_size</c> of preprocessor_config.json, in pixels, as spelled there; what is not given is null.</summary>
/// <param name="Number">A bare number, whose meaning the processor decides.</param>
sealed record ImageSize(int? Number = null, int? Height = null, int? Width = null, int? ShortestEdge = null, int? LongestEdge = null, int? MinPixels = null, int? MaxPixels = null);
