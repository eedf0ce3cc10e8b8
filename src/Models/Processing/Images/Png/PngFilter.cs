using System.Runtime.Intrinsics;

namespace Vrp.Models.Processing.Images;

/// <summary>The five row filters of PNG (§9). A row is filtered against the one above it (zeros above the first) and the pixel before.</summary>
static class PngFilter
{
    public const int None = 0, Sub = 1, Up = 2, Average = 3, Paeth = 4, Count = 5;

    /// <summary>Undoes the filter in place. <paramref name="distance"/> is <see cref="PngHeader.FilterDistance"/>.</summary>
    /// <returns>False when there is no such filter.</returns>
    public static bool TryUndo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        int first = Math.Min(distance, row.Length);
        above = above[..row.Length];
        switch (filter)
        {
            case None:
                return true;
            case Sub:
                for (int i = first; i < row.Length; i++) row[i] += row[i - distance];
                return true;
            case Up:
                int done = 0;
                for (; done <= row.Length - Vector128<byte>.Count; done += Vector128<byte>.Count)
                    (Vector128.Create<byte>(row[done..]) + Vector128.Create(above[done..])).CopyTo(row[done..]);
                for (; done < row.Length; done++) row[done] += above[done];
                return true;
            case Average:
                for (int i = 0; i < first; i++) row[i] += (byte)(above[i] / 2);
                for (int i = first; i < row.Length; i++) row[i] += (byte)((row[i - distance] + above[i]) / 2);
                return true;
            case Paeth:
                for (int i = 0; i < first; i++) row[i] += above[i];
                for (int i = first; i < row.Length; i++) row[i] += Predict(row[i - distance], above[i], above[i - distance]);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Filters <paramref name="row"/> into <paramref name="filtered"/>.</summary>
    public static void Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, Span<byte> filtered)
    {
        for (int i = 0; i < row.Length; i++)
        {
            byte before = i < distance ? (byte)0 : row[i - distance], aboveBefore = i < distance ? (byte)0 : above[i - distance];
            int predicted = filter switch { Sub => before, Up => above[i], Average => (before + above[i]) / 2, Paeth => Predict(before, above[i], aboveBefore), _ => 0 };
            filtered[i] = (byte)(row[i] - predicted);
        }
    }

    // Whichever of the neighbours is nearest to left + above - above left; ties in this order (§9.4).
    static byte Predict(byte left, byte above, byte aboveLeft)
    {
        int toLeft = Math.Abs(above - aboveLeft), toAbove = Math.Abs(left - aboveLeft), toAboveLeft = Math.Abs(left + above - 2 * aboveLeft);
        return toLeft <= toAbove && toLeft <= toAboveLeft ? left : toAbove <= toAboveLeft ? above : aboveLeft;
    }
}
