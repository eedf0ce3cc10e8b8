namespace Vrp.Harness.Running;

/// <summary>Answers and questions are a model's and a file's: on a terminal their control characters must not move the cursor, nor their length break a
/// table.</summary>
static class TerminalText
{
    /// <summary>One line: control characters as spaces.</summary>
    public static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    /// <summary>One line of at most <paramref name="longest"/> characters, cut with an ellipsis.</summary>
    public static string Line(string text, int longest) => Line(text) is var line && line.Length > longest ? $"{line[..(longest - 1)]}…" : line;
}
