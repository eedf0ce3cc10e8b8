using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Vrp.Models.Images;

/// <summary>Resizes as Pillow's <c>Image.resize</c>, bit for bit: one pass along rows and one along columns, with a picture of bytes in
/// between (libImaging: Resample.c; for the nearest pixel Geometry.c). As the picture in between is rounded, the order of the passes shows
/// (<see cref="ColumnsFirst"/>). Sums are 32-bit integers, so their order is free and vectors give the same bits.</summary>
public static class ImageResizer
{
    /// <summary>Resizes to <paramref name="width"/> x <paramref name="height"/>; the picture itself when it has that size.</summary>
    /// <exception cref="ImageTooLargeException">The result would be beyond <see cref="ImageLimits"/>.</exception>
    public static RgbImage Resize(RgbImage image, int width, int height, Resample filter = Resample.Bicubic, ImageLimits? limits = null)
    {
        if (width < 1 || height < 1) throw new ArgumentOutOfRangeException(nameof(width), $"{width} x {height}",
            "A picture has at least one row and one column.");
        if (image.Width == width && image.Height == height) return image;
        limits ??= ImageLimits.Default;
        if ((long)width * height > limits.MaxPixels)
            throw new ImageTooLargeException("resize", $"{image.Width} x {image.Height} pixels would become {width} x {height}", $"{limits.MaxPixels} pixels");
        if (filter == Resample.Nearest) return Nearest(image, width, height);

        var vertical = image.Height == height ? null : new ResampleTaps(image.Height, height, filter);
        if (vertical is not null && ColumnsFirst(image, width, height))
            return AlongRows(AlongColumns(image, vertical, 0), new ResampleTaps(image.Width, width, filter), 0, height);

        if (image.Width != width)
        {
            // Only rows that the second pass uses; its taps then count from the first of them.
            var (first, end) = vertical?.Used ?? (0, image.Height);
            image = AlongRows(image, new ResampleTaps(image.Width, width, filter), first, end);
            return vertical is null ? image : AlongColumns(image, vertical, first);
        }

        return AlongColumns(image, vertical!, 0);
    }

    /// <summary>Whether the pass along columns comes first. Earlier Pillow always began with the rows; 13.0 begins with the columns
    /// "if height is scaled down significantly more than width" (python-pillow pull request 9549). That covers every width that is kept or
    /// grows while the height shrinks. Where both shrink, the goldens (version 13.0) bound the rule: 29 x 300 to 28 x 252 begins with the
    /// columns, 400 x 328 to 84 x 56 with the rows; twice the share cut off lies between them.</summary>
    internal static bool ColumnsFirst(RgbImage image, int width, int height) =>
        image.Width != width && height < image.Height
        && (double)(image.Height - height) / image.Height > 2.0 * (image.Width - width) / image.Width;

    static RgbImage AlongRows(RgbImage image, ResampleTaps taps, int firstRow, int endRow)
    {
        // Two pixels at a time, as eight 32-bit lanes R G B 0 R G B 0: the row is spread to that form once, the weights once for all rows.
        // A zero weight and a zero pixel make up an odd count.
        var pairs = (taps.Most + 1) / 2;
        var weights = new Vector256<int>[taps.Outputs * pairs];
        var counts = new int[taps.Outputs];
        for (var x = 0; x < taps.Outputs; x++)
        {
            var exact = taps.Weights(x);
            counts[x] = (exact.Length + 1) / 2;
            for (var i = 0; i < counts[x]; i++)
                weights[x * pairs + i] = Vector256.Create(Vector128.Create(exact[2 * i]), Vector128.Create(2 * i + 1 < exact.Length ? exact[2 * i + 1] : 0));
        }

        var result = new RgbImage(taps.Outputs, endRow - firstRow);
        var wide = new int[(image.Width + 1) * 4];
        for (var y = firstRow; y < endRow; y++)
        {
            var row = image.Row(y);
            for (int from = 0, to = 0; from < row.Length; from += 3, to += 4)
            {
                wide[to] = row[from];
                wide[to + 1] = row[from + 1];
                wide[to + 2] = row[from + 2];
            }

            var target = result.Row(y - firstRow);
            for (var x = 0; x < taps.Outputs; x++)
            {
                var pixels = MemoryMarshal.Cast<int, Vector256<int>>(wide.AsSpan(taps.First(x) * 4, counts[x] * 8));
                var paired = weights.AsSpan(x * pairs, pixels.Length);
                var sum = Vector256<int>.Zero;
                for (var i = 0; i < pixels.Length; i++) sum += pixels[i] * paired[i];
                var total = sum.GetLower() + sum.GetUpper() + Vector128.Create(ResampleTaps.Half);
                target[3 * x] = ResampleTaps.Clip(total[0]);
                target[3 * x + 1] = ResampleTaps.Clip(total[1]);
                target[3 * x + 2] = ResampleTaps.Clip(total[2]);
            }
        }

        return result;
    }

    static RgbImage AlongColumns(RgbImage image, ResampleTaps taps, int firstRow)
    {
        var result = new RgbImage(image.Width, taps.Outputs);
        var bytes = image.Width * RgbImage.Channels;
        for (var y = 0; y < taps.Outputs; y++)
        {
            var weights = taps.Weights(y);
            var first = taps.First(y) - firstRow;
            ref var source = ref image.Pixels[first * bytes];
            var target = result.Row(y);
            var x = 0;
            for (; x <= bytes - Vector128<byte>.Count; x += Vector128<byte>.Count)
            {
                Vector256<int> low = Vector256.Create(ResampleTaps.Half), high = low;       // 8 samples each
                for (var i = 0; i < weights.Length; i++)
                {
                    var (left, right) = Vector128.Widen(Vector128.LoadUnsafe(ref source, (nuint)(i * bytes + x)));
                    low += Widen(left) * weights[i];
                    high += Widen(right) * weights[i];
                }

                var (a, b) = (Clip(low), Clip(high));
                Vector128.Narrow(Vector128.Narrow(a.GetLower(), a.GetUpper()).AsUInt16(),
                    Vector128.Narrow(b.GetLower(), b.GetUpper()).AsUInt16()).CopyTo(target[x..]);
            }

            for (; x < bytes; x++)
            {
                var sum = ResampleTaps.Half;
                for (var i = 0; i < weights.Length; i++) sum += Unsafe.Add(ref source, i * bytes + x) * weights[i];
                target[x] = ResampleTaps.Clip(sum);
            }
        }

        return result;

        static Vector256<int> Widen(Vector128<ushort> values)
        {
            var (low, high) = Vector128.Widen(values);
            return Vector256.Create(low, high).AsInt32();
        }

        static Vector256<int> Clip(Vector256<int> sums) =>
            Vector256.Min(Vector256.Max(sums >> ResampleTaps.FractionBits, Vector256<int>.Zero), Vector256.Create(255));
    }

    static RgbImage Nearest(RgbImage image, int width, int height)
    {
        int[] columns = Positions(image.Width, width), rows = Positions(image.Height, height);
        var result = new RgbImage(width, height);
        for (var y = 0; y < height; y++)
        {
            Span<byte> source = image.Row(rows[y]), target = result.Row(y);
            for (var x = 0; x < width; x++) source.Slice(columns[x] * 3, 3).CopyTo(target.Slice(x * 3, 3));
        }

        return result;

        // The step is added up, not multiplied, as libImaging does: the rounding errors are part of the result.
        static int[] Positions(int inputs, int outputs)
        {
            var positions = new int[outputs];
            double step = (double)inputs / outputs, at = step * 0.5;
            for (var i = 0; i < outputs; i++, at += step) positions[i] = Math.Min((int)at, inputs - 1);
            return positions;
        }
    }
}
