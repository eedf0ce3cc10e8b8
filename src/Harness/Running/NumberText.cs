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

    /// <summary>A p-value for a table's cell: "0.0016" or "&lt; 0.0001".</summary>
    public static string P(double p) => p < SmallestP ? "< 0.0001" : Number(p);

    /// <summary>A p-value for a sentence: "p = 0.0016" or "p &lt; 0.0001".</summary>
    public static string PIs(double p) => p < SmallestP ? "p < 0.0001" : $"p = {Number(p)}";

    /// <summary>With a comma between thousands.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

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
