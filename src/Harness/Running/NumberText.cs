using System.Globalization;

namespace Vrp.Harness.Running;

/// <summary>Numbers as every table, sentence and report prints them: invariant, and never a minus before a zero.</summary>
public static class NumberText
{
    /// <summary>Below this a p-value is printed as a bound: printing 0 would say that it is impossible.</summary>
    const double SmallestP = 0.0001;

    /// <summary>Four decimals at most; what would round to 0 and is not 0 has an exponent.</summary>
    public static string Number(double value) => Math.Abs(value) is > 0 and < 0.00005 ? value.ToString("0.0e0", CultureInfo.InvariantCulture)
        : Rounded(value).ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>Four decimals exactly, so that a column lines up.</summary>
    public static string Fixed(double value) => Rounded(value).ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>As <see cref="Fixed"/>, with a sign unless it is 0.</summary>
    public static string Signed(double value) => Rounded(value).ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);

    /// <summary>So many significant digits, with an exponent where the number is very small: for numbers whose size is not known beforehand.</summary>
    public static string Significant(double value, int digits) => (value + 0.0).ToString($"G{digits}", CultureInfo.InvariantCulture);

    /// <summary>As <see cref="Significant"/>, with a sign unless it is 0.</summary>
    public static string SignedSignificant(double value, int digits) => $"{(value > 0 ? "+" : "")}{Significant(value, digits)}";

    /// <summary>A share as per cent, two decimals exactly: "12.50%".</summary>
    public static string Percent(double share) => $"{(Math.Round(100 * share, 2) + 0.0).ToString("0.00", CultureInfo.InvariantCulture)}%";

    /// <summary>A share in per cent for a column whose head has the unit, one decimal: "67.9".</summary>
    public static string PercentValue(double share) => (Math.Round(100 * share, 1) + 0.0).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>A layer's place in its model: "L12 (depth 0.39)".</summary>
    /// <param name="layer">From 0; a mean over resamples is rounded.</param>
    /// <param name="layers">Of the model.</param>
    public static string Layer(double layer, int layers) => string.Create(CultureInfo.InvariantCulture,
        $"L{layer:0} (depth {layer / Math.Max(1, layers - 1):0.00})");

    /// <summary>A p-value for a table's cell: "0.0016" or "&lt; 0.0001".</summary>
    public static string P(double p) => p < SmallestP ? "< 0.0001" : Number(p);

    /// <summary>A p-value for a sentence: "p = 0.0016" or "p &lt; 0.0001".</summary>
    public static string PIs(double p) => p < SmallestP ? "p < 0.0001" : $"p = {Number(p)}";

    /// <summary>With a comma between thousands.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 question", "2,028 questions".</summary>
    public static string Count(long value, string thing) => $"{Count(value)} {thing}{(value == 1 ? "" : "s")}";

    // Adding 0 turns -0 into 0.
    static double Rounded(double value) => Math.Round(value, 4) + 0.0;
}

/// <summary>Answers and questions are a model's and a file's: on a terminal their control characters must not move the cursor, nor their length break a
/// table.</summary>
static class TerminalText
{
    /// <summary>One line: control characters as spaces.</summary>
    public static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    /// <summary>One line of at most <paramref name="longest"/> characters, cut with an ellipsis.</summary>
    public static string Line(string text, int longest) => Line(text) is var line && line.Length > longest ? $"{line[..(longest - 1)]}…" : line;
}
