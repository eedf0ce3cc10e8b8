using System.Text;

namespace Vrp.Harness.Reporting;

/// <summary>Lines that end before a limit, with a last one that says how many were cut. Lines are never cut themselves.</summary>
/// <param name="limit">Most that the text may have, in what <paramref name="size"/> counts.</param>
/// <param name="unit">Its name.</param>
/// <param name="size">Of a text: characters, or bytes of UTF-8.</param>
sealed class LimitedText(int limit, string unit, Func<string, int> size)
{
    /// <summary>What the closing line and open elements may take.</summary>
    const int Reserve = 400;

    readonly List<string> lines = [];

    /// <summary>UTF-16 code units, as GitHub counts a comment.</summary>
    public static LimitedText OfCharacters(int limit) => new(limit, "characters", text => text.Length);

    /// <summary>Bytes of UTF-8, as GitHub counts a step summary.</summary>
    public static LimitedText OfBytes(int limit) => new(limit, "bytes", Encoding.UTF8.GetByteCount);

    public void Line(string line = "") => lines.Add(line);

    public void Lines(IEnumerable<string> more) => lines.AddRange(more);

    public override string ToString()
    {
        if (lines.Sum(line => size(line) + 1) <= limit) return string.Concat(lines.Select(line => line + "\n"));
        var (text, total, kept, open) = (new StringBuilder(), 0, 0, 0);
        foreach (var line in lines)
        {
            if (total + size(line) + 1 > limit - Reserve) break;
            text.Append(line).Append('\n');
            (total, kept) = (total + size(line) + 1, kept + 1);
            // Only this program writes elements: texts of others are escaped.
            open += line.StartsWith("<details", StringComparison.Ordinal) ? 1 : line.StartsWith("</details", StringComparison.Ordinal) ? -1 : 0;
        }

        return text.Append(string.Concat(Enumerable.Repeat("\n</details>\n", open)))
            .Append(FormattableString.Invariant($"\n**Cut here:** {lines.Count - kept:N0} of {lines.Count:N0} lines did not fit into {limit:N0} {unit}. "))
            .Append("The HTML report has all of it.\n").ToString();
    }
}
