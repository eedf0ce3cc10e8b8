using System.Text;
using Vrp.Harness.Running;

namespace Vrp.Harness.Claims;

/// <summary>The console's tables, as plain text that a log keeps readable.</summary>
public static class StudyTables
{
    /// <summary>One line a claim: verdict, the published form's outcome, and why.</summary>
    public static string Verdicts(StudyResult study) => Table($"{study.Subject} on {study.Data}", ["claim", "verdict", "paper's own criterion", "because"],
        study.Verdicts.Select(verdict => new[] { verdict.Claim, verdict.Verdict.ToString(),
            verdict.Published.Word switch { "holds" => "met", "fails" => "not met", var other => other },
                verdict.WouldSettle is null ? verdict.Reason : $"{verdict.Reason} → {verdict.WouldSettle}" }));

    /// <summary>The study's figures next to those of one or several subjects, each in the printed unit, with its interval; layers as depths.</summary>
    public static string Figures(IReadOnlyList<StudyResult> studies)
    {
        string[] head = ["claim", "figure", .. studies.SelectMany(study => new[] { $"printed ({study.ModelFamily.Title()})", study.Subject })];
        return Table("The study's figures and these", head, ClaimRegistry.All.SelectMany(claim => claim.Figures.Select(figure =>
            (string[])[claim.Id, figure.What, .. studies.SelectMany(study => new[] { Printed(figure, study.ModelFamily), Ours(claim, figure, study) })])));
    }

    /// <summary>A comparison: verdicts of all subjects, pooled correlations, the split.</summary>
    public static string Of(Comparison comparison)
    {
        var studies = comparison.Studies;
        var verdicts = Table("Verdicts", ["claim", .. studies.Select(study => study.Subject)],
            ClaimRegistry.All.Where(claim => claim.Id != "architecture-split")
            .Select(claim => (string[])[claim.Id,
                .. studies.Select(study => study.Verdicts.FirstOrDefault(verdict => verdict.Claim == claim.Id)?.Verdict.ToString() ?? "absent")]));
        var rows = Table("Over all subjects", ["claim", "measure", "what", "estimate"],
            comparison.Estimates.Select(row => new[] { row.Claim, row.Measure, $"{row.Kind}, {row.Arm}", row.Estimate.ToString() }));
        var split = comparison.Split;
        return $"{verdicts}\n{Figures(studies)}\n{rows}\n{split.Claim}: {split.Verdict}. "
            + $"{split.Reason}{(split.WouldSettle is null ? "" : $" → {split.WouldSettle}")}\n{string.Concat(split.Notes.Select(note => $"  {note}\n"))}";
    }

    static string Printed(PublishedFigure figure, ModelFamily family)
    {
        if (figure.For(family) is not { } value) return "-";
        return figure.Measure.EndsWith("_layer", StringComparison.Ordinal) ? NumberText.Layer(value, family.StudyLayers()) : NumberText.Number(value);
    }

    static string Ours(Claim claim, PublishedFigure figure, StudyResult study)
    {
        if (figure.Ours(claim, study.Estimates, study.ModelFamily, study.Layers) is not { } row) return "-";
        var e = row.Estimate;
        if (figure.Measure.EndsWith("_layer", StringComparison.Ordinal)) return NumberText.Layer(e.Value, study.Layers);
        string Show(double value) => NumberText.Number(figure.Scale * value);
        return e.HasInterval ? $"{Show(e.Value)} [{Show(e.Low)}, {Show(e.High)}] n={e.N}" : $"{Show(e.Value)} n={e.N}";
    }

    /// <summary>Widest line of a table, in characters: what a terminal has at least.</summary>
    const int Widest = 80;

    /// <summary>A table within 80 columns. Where it does not fit, a long last cell goes below its row; else the widest columns become narrower and their cells
    /// go on in the next line.</summary>
    internal static string Table(string title, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> body)
    {
        var rows = body.Prepend(head).ToArray();
        var widths = Enumerable.Range(0, head.Count).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder().Append(title).Append('\n');
        var total = widths.Sum() + 2 * (widths.Length - 1);
        var below = total > Widest && widths[^1] > Widest / 2;
        var columns = below ? widths.Length - 1 : widths.Length;
        while (widths.Take(columns).Sum() + 2 * (columns - 1) > Widest
            && widths.Take(columns).Max() > 8) widths[Array.IndexOf(widths, widths.Take(columns).Max())]--;
        foreach (var row in rows)
        {
            var cells = Enumerable.Range(0, columns).Select(column => Wrap(row[column], widths[column])).ToArray();
            for (var at = 0; at < cells.Max(cell => cell.Count); at++)
            {
                var line = string.Concat(cells.Select((cell, column) => (at < cell.Count ? cell[at] : "").PadRight(widths[column] + 2)));
                text.Append(line.TrimEnd()).Append('\n');
            }
            if (!below) continue;
            foreach (var line in Wrap(row[^1], Widest - 4)) text.Append("    ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Lines of at most <paramref name="width"/> characters, broken at blanks where there are some.</summary>
    static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        while (text.Length > width)
        {
            var at = text.LastIndexOf(' ', width);
            if (at <= 0) at = width;
            lines.Add(text[..at].TrimEnd());
            text = text[at..].TrimStart();
        }

        lines.Add(text);
        return lines;
    }
}
