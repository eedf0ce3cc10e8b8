using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Vrp.Models.Images;

/// <summary>Resizes as Pillow's <c>Image.resize</c>, bit for bit: one pass along rows and one along columns, with an image of bytes in between (libImaging:
/// Resample.c; for the nearest pixel Geometry.c). As the image in between is rounded, the order of the passes shows (<see cref="ColumnsFirst"/>). Sums are
/// 32-bit integers, so their order is free and vectors give the same bits.</summary>
public static class ImageResizer
{
    /// <summary>Resizes to <paramref name="width"/> x <paramref name="height"/>; the image itself when it has that size.</summary>
    /// <exception cref="ImageTooLargeException">The result would be beyond <see cref="ImageLimits"/>.</exception>
    public static RgbImage Resize(RgbImage image, int width, int height, Resample filter = Resample.Bicubic, ImageLimits? limits = null)
    {
        if (width < 1 || height < 1) throw new ArgumentOutOfRangeException(nameof(width), $"{width} x {height}",
            "An image has at least one row and one column.");
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

    /// <summary>Whether the pass along columns comes first. Earlier Pillow always began with the rows; 13.0 begins with the columns "if height is scaled down
    /// significantly more than width" (python-pillow pull request 9549). That covers every width that is kept or grows while the height shrinks. Where both
    /// shrink, the goldens (version 13.0) bound the rule: 29 x 300 to 28 x 252 begins with the columns, 400 x 328 to 84 x 56 with the rows; twice the share cut
    /// off lies between them.</summary>
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

/// <summary>The continuous filters of Pillow's Resample.c. Every operation is in its order, for equal doubles.</summary>
/// <param name="Support">Half width in pixels, when enlarging.</param>
/// <param name="Weight">Unnormalised weight at a distance in pixels.</param>
sealed record ResampleKernel(double Support, Func<double, double> Weight)
{
    /// <summary>The kernel of a filter; <see cref="Resample.Nearest"/> has none.</summary>
    public static ResampleKernel Of(Resample filter) => filter switch
    {
        Resample.Box => new(0.5, Box),
        Resample.Bilinear => new(1, Bilinear),
        Resample.Hamming => new(1, Hamming),
        Resample.Bicubic => new(2, Bicubic),
        Resample.Lanczos => new(3, Lanczos),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "This filter has no kernel."),
    };

    static double Box(double x) => x is > -0.5 and <= 0.5 ? 1 : 0;

    static double Bilinear(double x)
    {
        x = Math.Abs(x);
        return x < 1 ? 1 - x : 0;
    }

    static double Hamming(double x)
    {
        x = Math.Abs(x);
        if (x == 0) return 1;
        if (x >= 1) return 0;
        x *= Math.PI;
        return Math.Sin(x) / x * (0.54f + 0.46f * Math.Cos(x));     // single-precision constants there, too
    }

    static double Bicubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }

    static double Lanczos(double x) => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0;

    static double Sinc(double x)
    {
        if (x == 0) return 1;
        x *= Math.PI;
        return Math.Sin(x) / x;
    }
}

/// <summary>Pillow's resampling filters, with its codes (<c>resample</c> in preprocessor_config.json).</summary>
public enum Resample
{
    /// <summary>The nearest pixel.</summary>
    Nearest = 0,

    /// <summary>Truncated sinc, 3 pixels to each side.</summary>
    Lanczos = 1,

    /// <summary>Triangle, 1 pixel to each side.</summary>
    Bilinear = 2,

    /// <summary>Keys' cubic with a = -0.5, 2 pixels to each side.</summary>
    Bicubic = 3,

    /// <summary>Mean over half a pixel to each side.</summary>
    Box = 4,

    /// <summary>Hamming-windowed sinc, 1 pixel to each side.</summary>
    Hamming = 5,
}

/// <summary>Which input samples make an output sample along one axis, and their weights as fixed-point numbers (Pillow's Resample.c: precompute_coeffs and
/// normalize_coeffs_8bpc). When reducing, the kernel is stretched by the scale, so that every input sample counts.</summary>
sealed class ResampleTaps
{
    /// <summary>Fraction bits of a weight: 32 less 8 for the sample and 2 for sums beyond 0..255 (PRECISION_BITS).</summary>
    public const int FractionBits = 32 - 8 - 2;

    /// <summary>One half, with which each sum begins, for rounding.</summary>
    public const int Half = 1 << (FractionBits - 1);

    readonly int[] weights;         // [outputs, Most]
    readonly (int First, int Count)[] ranges;

    /// <param name="inputs">Samples along the axis before.</param>
    /// <param name="outputs">Samples along the axis after.</param>
    /// <param name="filter">Any filter with a kernel.</param>
    public ResampleTaps(int inputs, int outputs, Resample filter)
    {
        var kernel = ResampleKernel.Of(filter);
        double scale = (double)inputs / outputs, stretch = Math.Max(scale, 1), support = kernel.Support * stretch, shrink = 1 / stretch;
        Most = (int)Math.Ceiling(support) * 2 + 1;
        Outputs = outputs;
        weights = new int[checked(outputs * Most)];
        ranges = new (int, int)[outputs];
        var exact = new double[Most];
        for (var output = 0; output < outputs; output++)
        {
            var center = (output + 0.5) * scale;
            int first = Math.Max((int)(center - support + 0.5), 0), count = Math.Min((int)(center + support + 0.5), inputs) - first;
            double total = 0;
            for (var i = 0; i < count; i++) total += exact[i] = kernel.Weight((i + first - center + 0.5) * shrink);
            for (var i = 0; i < count; i++)
            {
                var weight = total != 0 ? exact[i] / total : exact[i];
                weights[output * Most + i] = (int)((weight < 0 ? -0.5 : 0.5) + weight * (1 << FractionBits));
            }

            ranges[output] = (first, count);
        }
    }

    /// <summary>Output samples.</summary>
    public int Outputs { get; }

    /// <summary>At most this many inputs make one output.</summary>
    public int Most { get; }

    /// <summary>The first input used by any output, and the one after the last.</summary>
    public (int First, int End) Used => (ranges[0].First, ranges[^1].First + ranges[^1].Count);

    /// <summary>The first input of an output; <see cref="Weights"/> says how many follow.</summary>
    public int First(int output) => ranges[output].First;

    /// <summary>The weights of the inputs from <see cref="First"/> on.</summary>
    public ReadOnlySpan<int> Weights(int output) => weights.AsSpan(output * Most, ranges[output].Count);

    /// <summary>A finished sum as a byte: the fraction cut, clipped to 0..255.</summary>
    public static byte Clip(int sum) => (byte)Math.Clamp(sum >> FractionBits, 0, 255);
}
