using Vrp.Models;
using Vrp.Models.Configuration;
using Vrp.Models.Images;

namespace Vrp.Harness.Tracing;

/// <summary>How one image's image tokens lie over the image.</summary>
/// <param name="Rows">From the top.</param>
/// <param name="Columns">From the left.</param>
/// <param name="Extra">Image tokens before the first cell (a class token).</param>
public sealed record ImageGrid(int Rows, int Columns, int Extra = 0)
{
    /// <summary>Number of cells.</summary>
    public int Cells => Rows * Columns;

    /// <summary>The grid of image <paramref name="index"/> of a batch.</summary>
    /// <param name="config">The model's.</param>
    /// <param name="processed">What the image processor made.</param>
    /// <param name="index">Of the image.</param>
    /// <param name="tokens">Its image tokens, which must be the grid's cells, with or without a class token.</param>
    public static ImageGrid Of(VisionLanguageConfig config, ProcessedImages processed, int index, int tokens)
    {
        var (rows, columns) = config.ImageGrid(processed, index);
        var extra = tokens - rows * columns;
        return extra is 0 or 1 ? new ImageGrid(rows, columns, extra)
            : throw new VrpException($"A image has {tokens} image tokens and a grid of {rows} × {columns}; expected one per cell. The processor's settings "
                + "do not belong to the model's.");
    }
}
