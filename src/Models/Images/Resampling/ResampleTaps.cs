namespace Vrp.Models.Images;

/// <summary>Which input samples make an output sample along one axis, and their weights as fixed-point numbers (Pillow's Resample.c:
/// precompute_coeffs and normalize_coeffs_8bpc). When reducing, the kernel is stretched by the scale, so that every input sample counts.</summary>
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
