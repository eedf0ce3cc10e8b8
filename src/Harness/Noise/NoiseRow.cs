namespace Vrp.Harness.Noise;

/// <summary>What one family of figures moved by when nothing but numerics changed.</summary>
/// <param name="Family">"claim/measure", or "score NAME" for a signal of single samples.</param>
/// <param name="Count">Figures in it: rows of metrics.json, or samples.</param>
/// <param name="Largest">The largest absolute difference from the first run of value, lower or upper end, in the measure's unit.</param>
/// <param name="Variation">Where it was, or null where nothing moved.</param>
/// <param name="At">The row or sample where it was, or null.</param>
public sealed record NoiseRow(string Family, int Count, double Largest, string? Variation, string? At)
{
    /// <summary>Suggested tolerance = this × the largest difference: the variations are a handful of the processors and libraries that there are.</summary>
    public const int Factor = 3;

    /// <summary>Rounded up to two digits; 0 where nothing moved, which holds a metric to the six digits of its snapshot.</summary>
    public double Tolerance => RoundUp(Factor * Largest);

    internal static double RoundUp(double value)
    {
        if (value <= 0) return 0;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        // Through decimal text, so that 0.0012 is not written 0.0012000000000000001.
        return double.Parse((Math.Ceiling(value / unit * (1 - 1e-12)) * unit).ToString("G3", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
    }
}
