namespace Vrp.Models.Processing.Images;

/// <summary>libturbojpeg, which decodes and encodes JPEG here, is not installed.</summary>
public sealed class TurboJpegMissingException(IEnumerable<string> tried, Exception? inner = null)
    : ImageException($"JPEG needs libturbojpeg; none of {string.Join(", ", tried)} could be loaded. Install it: apt-get install -y libturbojpeg0 (Ubuntu: libturbojpeg).", inner);
