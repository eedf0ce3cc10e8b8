using System.Globalization;
using System.Text;
using Vrp.Harness.Running;

namespace Vrp.Harness.Noise;

/// <summary>The noise floor as a page of docs and as the console shows it.</summary>
public static class NoisePage
{
    /// <summary>What a page says besides the table.</summary>
    /// <param name="Command">The command that made it.</param>
    /// <param name="Machine">Processor, cores, libtorch, its kernels.</param>
    /// <param name="Data">Question set, questions and images, budget.</param>
    /// <param name="Profile">The numerics profile that the floors are for.</param>
    /// <param name="Reference">What the first run of each subject was.</param>
    /// <param name="Share">Of its own half-width that a figure may move by in any case.</param>
    /// <param name="LeftOut">Variations that could not be run here, each with its reason.</param>
    public sealed record Facts(string Command, string Machine, string Data, string Profile, string Reference, double Share, IReadOnlyList<string> LeftOut);

    /// <summary>Markdown.</summary>
    public static string Render(NoiseTable table, Facts facts)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # The noise floor

            How far the figures that snapshots hold move when nothing but numerics changes: threads, the size of a batch, and the kernels of the three
            libraries that do the arithmetic on a CPU: libtorch's own (`ATEN_CPU_CAPABILITY`), oneDNN (`ONEDNN_MAX_CPU_ISA`; convolutions) and MKL
            (`MKL_ENABLE_INSTRUCTIONS`, `MKL_CBWR`; matrix products). Written by

                {facts.Command}

            on {facts.Machine}; {facts.Data}.
            Every variation is a process of its own, and is held against the first run of its subject ({facts.Reference}).

            **A figure may move by the larger of its family's floor and {facts.Share:0.##%} of the half-width of its own verified interval**
            ([snapshots.md](snapshots.md)). The floor of the profile `{facts.Profile}` is {NoiseRow.Factor} × the largest difference of a value or an end of
            its interval in the family, rounded up to two digits; the factor stands for the processors and libraries that were not measured. Counts and
            choices have no interval: where none moved they have to stay as they are, otherwise they are shown and not judged.

            ## Variations

            """);
        Table(text, ["subject", "variation", "questions", "greedy answers changed", "labels changed", "sampled answers changed",
            "lines with another name, n or method", "verdicts changed", "largest difference, share of half-width"],
            table.Changes.Select(change => new[]
            {
                change.Subject, change.Variation, $"{change.Questions}", $"{change.Answers}", $"{change.Labels}", $"{change.Sampled}", $"{change.OtherLines}",
                change.Verdicts.Count == 0 ? "0" : string.Join(", ", change.Verdicts), change.IsSameBits ? "same bits" : NumberText.Percent(change.Largest),
            }));
        foreach (var reason in facts.LeftOut) text.Append(CultureInfo.InvariantCulture, $"\nLeft out: {reason}.\n");
        text.Append("\n\"Same bits\": not one score of one question differs, so the libraries took the kernels of the first run.\n");
        if (table.SmallestMargin is { } margin && table.Scores.FirstOrDefault(row => row.Family == "score first_token_margin") is { } moved)
            text.Append(CultureInfo.InvariantCulture, $"""

                The closest two first tokens of any answer are {Number(margin)} apart in probability; that distance moved by {Number(moved.Largest)} at most.
                Floor of the labels: {table.LabelFloor}.

                """);

        text.Append("\n## Families of figures\n");
        Table(text, ["family", "lines", "largest difference", "share of half-width", "floor", "where"], table.Families.Select(row => new[]
        {
            $"`{row.Family}`", $"{row.Count}", Number(row.Largest), row.IsChoice ? "" : NumberText.Percent(row.OfHalfWidth),
                row.Floor is { } floor ? Number(floor) : "not stable", Where(row),
        }));
        text.Append("\n## Signals of single questions\n");
        Table(text, ["signal", "questions", "largest difference", "where"],
            table.Scores.Select(row => new[] { $"`{row.Family}`", $"{row.Count}", Number(row.Largest), Where(row) }));
        return text.ToString();
    }

    static void Table(StringBuilder text, string[] heads, IEnumerable<string[]> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n| {string.Join(" | ", heads)} |\n|{string.Concat(heads.Select(_ => "---|"))}\n");
        foreach (var row in rows) text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
    }

    static string Where(NoiseRow row) => row.Variation is null ? "" : $"{row.Variation}: {row.At}";

    static string Number(double value) => NumberText.Significant(value, 2);
}
