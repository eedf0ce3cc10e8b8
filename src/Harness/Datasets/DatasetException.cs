using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Datasets;

/// <summary>A data set that cannot be used: the message says what is wrong and lists the rows.</summary>
public sealed class DatasetException : VrpException
{
    const int Shown = 5;

    /// <param name="source">The file.</param>
    /// <param name="problem">What was expected and what to do.</param>
    /// <param name="rows">The rows concerned, as (line from 1, what it holds); the message shows the first five.</param>
    public DatasetException(string source, string problem, IReadOnlyList<(int Row, string What)>? rows = null, Exception? inner = null)
        : base(Compose(source, problem, rows ?? []), inner) => Rows = [.. (rows ?? []).Select(r => r.Row)];

    /// <summary>Lines of all rows concerned, from 1.</summary>
    public IReadOnlyList<int> Rows { get; }

    static string Compose(string source, string problem, IReadOnlyList<(int Row, string What)> rows)
    {
        var lines = rows.Take(Shown).Select(r => $" row {r.Row}: {PlainText.Line(r.What, 100)};");
        var rest = rows.Count > Shown ? $" … and {rows.Count - Shown} more rows" : "";
        return $"{source}: {problem}{string.Concat(lines)}{rest}".TrimEnd(';');
    }
}
