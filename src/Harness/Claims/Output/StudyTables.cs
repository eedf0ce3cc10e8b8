using System.Globalization;
using System.Text;
using Vrp.Harness.Claims.Comparing;

namespace Vrp.Harness.Claims.Output;

/// <summary>The console's tables, as plain text that a log keeps readable.</summary>
public static class StudyTables
{
    /// <summary>One line a claim: verdict, the published form's outcome, and why.</summary>
    public static string Verdicts(StudyResult study) => Table($"{study.Subject} on {study.Data}", ["claim", "verdict", "paper's own criterion", "because"],
        study.Verdicts.Select(verdict => new[] { verdict.Claim, verdict.Verdict.ToString(), verdict.Published.Word switch { "holds" => "met", "fails" => "not met", var other => other }, verdict.WouldSettle is null ? verdict.Reason : $"{verdict.Reason} → {verdict.WouldSettle}" }));

    /// <summary>The study's figures beside those of one or several subjects, each in the printed unit, with its interval; layers as depths.</summary>
    public static string Figures(IReadOnlyList<StudyResult> studies)
    {
        string[] head = ["claim", "figure", .. studies.SelectMany(study => new[] { $"printed ({study.ModelFamily.Title()})", study.Subject })];
        return Table("The study's figures and these", head, ClaimRegistry.All.SelectMany(claim => claim.Figures.Select(figure =>
            new[] { claim.Id, figure.What }.Concat(studies.SelectMany(study => new[] { Printed(figure, study.ModelFamily), Ours(claim, figure, study) })).ToArray())));
    }

    /// <summary>A comparison: verdicts of all subjects, pooled correlations, the split.</summary>
    public static string Of(Comparison comparison)
    {
        var studies = comparison.Studies;
        var verdicts = Table("Verdicts", ["claim", .. studies.Select(study => study.Subject)], ClaimRegistry.All.Where(claim => claim.Id != "architecture-split")
            .Select(claim => new[] { claim.Id }.Concat(studies.Select(study => study.Verdicts.FirstOrDefault(verdict => verdict.Claim == claim.Id)?.Verdict.ToString() ?? "absent")).ToArray()));
        var rows = Table("Over all subjects", ["claim", "measure", "what", "estimate"], comparison.Estimates.Select(row => new[] { row.Claim, row.Measure, $"{row.Kind}, {row.Arm}", row.Estimate.ToString() }));
        var split = comparison.Split;
        return $"{verdicts}\n{Figures(studies)}\n{rows}\n{split.Claim}: {split.Verdict}. {split.Reason}{(split.WouldSettle is null ? "" : $" → {split.WouldSettle}")}\n{string.Concat(split.Notes.Select(note => $"  {note}\n"))}";
    }

    static string Printed(PublishedFigure figure, ModelFamily family)
    {
        if (figure.For(family) is not { } value) return "-";
        return figure.Measure.EndsWith("_layer", StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"L{value:0} (depth {value / (family.StudyLayers() - 1):0.00})") : value.ToString("0.###", CultureInfo.InvariantCulture);
    }

    static string Ours(Claim claim, PublishedFigure figure, StudyResult study)
    {
        if (figure.Ours(claim, study.Estimates, study.ModelFamily, study.Layers) is not { } row) return "-";
        var e = row.Estimate;
        if (figure.Measure.EndsWith("_layer", StringComparison.Ordinal)) return string.Create(CultureInfo.InvariantCulture, $"L{e.Value:0} (depth {e.Value / Math.Max(1, study.Layers - 1):0.00})");
        string Show(double value) => (figure.Scale * value).ToString("0.###", CultureInfo.InvariantCulture);
        return e.HasInterval ? $"{Show(e.Value)} [{Show(e.Low)}, {Show(e.High)}] n={e.N}" : $"{Show(e.Value)} n={e.N}";
    }

    internal static string Table(string title, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> body)
    {
        var rows = body.Prepend(head).ToArray();
        // The last column runs on; all others are as wide as their widest cell.
        var widths = Enumerable.Range(0, head.Count - 1).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder().Append(title).Append('\n');
        foreach (var row in rows)
            text.Append(string.Concat(widths.Select((width, column) => row[column].PadRight(width + 2)))).Append(row[^1]).Append('\n');
        return text.ToString();
    }
}
