namespace Vrp.Models.Processing.Images;

/// <summary>How the colour planes of an encoded JPEG are thinned out. The values are TurboJPEG's TJSAMP_*.</summary>
public enum ChromaSubsampling
{
    /// <summary>4:4:4: colour at full resolution.</summary>
    None = 0,

    /// <summary>4:2:2: half the columns.</summary>
    Horizontal = 1,

    /// <summary>4:2:0: half the columns and half the rows; the usual choice.</summary>
    Both = 2,
}
