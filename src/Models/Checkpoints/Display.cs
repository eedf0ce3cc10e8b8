namespace Vrp.Models.Checkpoints;

/// <summary>How names and shapes from a file appear in messages.</summary>
static class Display
{
    const int LongestName = 200;

    /// <summary>A name that is safe to print: a hostile file may hold terminal escapes or megabytes.</summary>
    public static string Name(string name)
    {
        string shown = string.Concat(name.Take(LongestName).Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return name.Length <= LongestName ? shown : shown + "…";
    }

    public static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>The first items, one per line, and how many were cut.</summary>
    public static IEnumerable<string> Cut(IReadOnlyCollection<string> lines, int most) =>
        lines.Count <= most ? lines : lines.Take(most).Append($"… and {lines.Count - most} more");
}
