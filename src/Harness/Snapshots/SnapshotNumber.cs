using System.Globalization;

namespace Vrp.Harness.Snapshots;

/// <summary>Numbers as snapshots hold them: six significant digits. More would show the processor's noise in every pull request, fewer would hide a change
/// that counts.</summary>
static class SnapshotNumber
{
    const int Digits = 6;

    /// <summary>The nearest number of six significant digits; −0 becomes 0. What is not finite is not a measurement.</summary>
    /// <exception cref="SnapshotException">NaN or infinite; <paramref name="what"/> names it.</exception>
    public static double Round(double value, string what)
    {
        if (!double.IsFinite(value))
            throw new SnapshotException($"{what} is {value.ToString(CultureInfo.InvariantCulture)}: "
                + "a snapshot holds measured numbers only. A missing measure makes the claim NotRun.");
        return double.Parse(value.ToString($"G{Digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + 0.0;
    }

    /// <summary>One unit of the sixth digit of the larger number: two numbers that only round differently are this far apart.</summary>
    public static double Unit(double was, double now)
    {
        var size = Math.Max(Math.Abs(was), Math.Abs(now));
        return size > 0 ? Math.Pow(10, Math.Floor(Math.Log10(size)) - (Digits - 1)) : 0;
    }

    /// <summary>Six digits, for tables.</summary>
    public static string Text(double value) => value.ToString($"G{Digits}", CultureInfo.InvariantCulture);

    /// <summary>With its sign.</summary>
    public static string Signed(double value) => (value > 0 ? "+" : "") + value.ToString("G3", CultureInfo.InvariantCulture);
}
