namespace Vrp.Models.Processing.Images;

/// <summary>One reduced image of a PNG file: the picture itself, or one of the seven passes of Adam7 (§8.2). Its pixel (x, y) is the
/// picture's (X + x * StepX, Y + y * StepY).</summary>
readonly record struct PngPass(int X, int Y, int StepX, int StepY, int Width, int Height)
{
    static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>The passes that hold pixels, in the file's order; an empty pass has no bytes at all, not even filter bytes.</summary>
    public static IEnumerable<PngPass> Of(PngHeader header) =>
        !header.Interlaced ? [new PngPass(0, 0, 1, 1, header.Width, header.Height)]
        : Adam7.Select(p => new PngPass(p.X, p.Y, p.StepX, p.StepY, Count(header.Width, p.X, p.StepX), Count(header.Height, p.Y, p.StepY)))
            .Where(pass => pass.Width > 0 && pass.Height > 0);

    static int Count(int size, int first, int step) => size > first ? (size - first - 1) / step + 1 : 0;
}
