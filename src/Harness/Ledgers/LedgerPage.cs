using System.Text;
using Vrp.Harness.Claims;

namespace Vrp.Harness.Ledgers;

/// <summary>The ledger for people: a table of expected verdicts, and below it why each is expected.</summary>
public static class LedgerPage
{
    /// <summary>The table alone: a row per claim in the study's order, a column per subject, the last for claims over all of them.</summary>
    public static string Table(Ledger ledger)
    {
        var subjects = Subjects(ledger);
        string[] columns = [.. subjects, Ledger.AllSubjects];
        var text = new StringBuilder($"| claim |{string.Concat(columns.Select(subject => $" {Escape(subject)} |"))}\n")
            .Append($"|---|{string.Concat(columns.Select(_ => "---|"))}\n");
        foreach (var claim in Claims(ledger))
            text.Append($"| `{claim.Id}` |{string.Concat(columns.Select(subject => $" {Cell(ledger.Find(claim.Id, subject))} |"))}\n");
        return text.ToString();
    }

    /// <summary>A whole page.</summary>
    /// <param name="ledger">What is expected.</param>
    /// <param name="file">The ledger's file, as the page names it.</param>
    /// <param name="command">What writes the page.</param>
    public static string Render(Ledger ledger, string file, string command)
    {
        var counts = ledger.Entries.GroupBy(entry => entry.Expected).OrderBy(same => same.Key).Select(same => $"{same.Count()} {same.Key}");
        var text = new StringBuilder($"""
            # What is expected

            Written from `{file}` by `{command}`; do not edit. A run that finds another verdict fails (exit code 2, or 3 where the verdict became inconclusive);
            `vrp accept --ledger` records a new one after somebody has looked.
            A verdict with † is the study's, and not yet reproduced here.

            {ledger.Entries.Count} entries: {string.Join(", ", counts)}.


            """);
        text.Append(Table(ledger)).Append("\n## Why\n");
        foreach (var claim in Claims(ledger))
        {
            text.Append($"\n### `{claim.Id}`\n\n{Escape(claim.Text)}\n\n");
            foreach (var entry in ledger.Entries.Where(entry => entry.Claim == claim.Id)) text.Append($"- **{Escape(entry.Subject)}**, {Cell(entry)}: "
                + $"{Escape(entry.Reason)}\n");
        }

        return text.ToString();
    }

    static string[] Subjects(Ledger ledger) => [.. ledger.Entries.Select(entry => entry.Subject).Where(subject => subject != Ledger.AllSubjects).Distinct()];

    static IEnumerable<Claim> Claims(Ledger ledger) => ClaimRegistry.All.Where(claim => ledger.Entries.Any(entry => entry.Claim == claim.Id));

    static string Cell(LedgerEntry? entry) => entry is null ? "" : entry.Source == "published" ? $"{entry.Expected} †" : entry.Expected.ToString();

    static string Escape(string text) => Reporting.MarkdownText.Escape(text, int.MaxValue);
}
