using System.Text;
using Vrp.Models.Storage;

namespace Vrp.Harness.Reporting;

/// <summary>The report as Markdown for <c>GITHUB_STEP_SUMMARY</c>: headline, gate, accuracy, verdicts, reasons, printed figures, flips, in this order, so that
/// what is cut is what matters least.</summary>
public static class MarkdownSummary
{
    /// <summary>Bytes of UTF-8 that GitHub takes from a step.</summary>
    public const int Limit = 1 << 20;

    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string path, Report report) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Render(report))));

    /// <summary>The text; at most <see cref="Limit"/> bytes, with a line that says what was cut.</summary>
    public static string Render(Report report)
    {
        var text = LimitedText.OfBytes(Limit);
        text.Lines(MarkdownSections.Head(report));
        if (report.Gate is { } gate) text.Lines(MarkdownSections.Gate(gate));
        text.Lines(MarkdownSections.Accuracy(report));
        foreach (var history in report.Histories) text.Lines(MarkdownSections.History(history));
        text.Lines(MarkdownSections.Verdicts(report));
        text.Lines(MarkdownSections.Reasons(report));
        text.Lines(MarkdownSections.Figures(report));
        if (report.Gate is { } flipped) text.Lines(MarkdownSections.Flips(flipped, int.MaxValue));
        return text.ToString();
    }
}
