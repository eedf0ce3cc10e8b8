using System.Text;
using Vrp.Models.Storage;

namespace Vrp.Harness.Reporting;

/// <summary>The report as a comment on a pull request: headline, then what decides: a gate's metrics and first flips, else accuracy and verdicts; reasons
/// last.</summary>
public static class PullRequestComment
{
    /// <summary>The comment's first line, by which a workflow finds its own and updates it in place.</summary>
    public const string Marker = "<!-- vrp-report -->";

    /// <summary>Characters; GitHub takes 65,536.</summary>
    public const int Limit = 60_000;

    const int MostFlips = 25;

    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string path, Report report) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Render(report))));

    /// <summary>The text; at most <see cref="Limit"/> characters, with a line that says what was cut.</summary>
    public static string Render(Report report)
    {
        var text = LimitedText.OfCharacters(Limit);
        text.Line(Marker);
        text.Lines(MarkdownSections.Head(report));
        if (report.Gate is { } gate)
        {
            text.Lines(MarkdownSections.Gate(gate));
            text.Lines(MarkdownSections.Flips(gate, MostFlips));
            text.Lines(MarkdownSections.Accuracy(report));
            text.Lines(MarkdownSections.Unchanged(report, gate));
        }
        else
        {
            text.Lines(MarkdownSections.Accuracy(report));
            foreach (var history in report.Histories) text.Lines(MarkdownSections.History(history));
            text.Lines(MarkdownSections.Verdicts(report));
        }

        text.Lines(MarkdownSections.Reasons(report));
        return text.ToString();
    }
}
