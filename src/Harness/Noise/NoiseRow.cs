using System.Globalization;

namespace Vrp.Harness.Noise;

/// <summary>What one family of figures moved by when nothing but numerics changed.</summary>
/// <param name="Family">"claim/measure", or "score NAME" for a signal of single questions.</param>
/// <param name="Count">Figures in it: lines of snapshots, or questions.</param>
/// <param name="IsChoice">Counts and choices (a best layer, a number of units): figures without an interval. They are the same or they are not.</param>
/// <param name="Largest">The largest absolute difference from the first run of value, lower or upper end, in the measure's unit.</param>
/// <param name="OfHalfWidth">The largest difference as a share of the half-width of the first run's interval; 0 for choices.</param>
/// <param name="Variation">Where the largest difference was, or null where nothing moved.</param>
/// <param name="At">The row or question where it was, or null.</param>
public sealed record NoiseRow(string Family, int Count, bool IsChoice, double Largest, double OfHalfWidth, string? Variation, string? At)
{
    /// <summary>Floor = this × the largest difference: the variations are a handful of the processors and libraries that there are.</summary>
    public const int Factor = 3;

    /// <summary>Rounded up to two digits; 0 where nothing moved. Null for a choice that moved: it is not stable, and nobody judges it.</summary>
    public double? Floor => IsChoice ? Largest == 0 ? 0 : null : RoundUp(Factor * Largest);

    internal static double RoundUp(double value)
    {
        if (value <= 0) return 0;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        // Through decimal text, so that 0.0012 is not written 0.0012000000000000001.
        return double.Parse((Math.Ceiling(value / unit * (1 - 1e-12)) * unit).ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
