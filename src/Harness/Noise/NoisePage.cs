using System.Globalization;
using System.Text;

namespace Vrp.Harness.Noise;

/// <summary>The noise floor as a page of docs and as the console shows it.</summary>
public static class NoisePage
{
    /// <summary>What a page says besides the table.</summary>
    /// <param name="Command">The command that made it.</param>
    /// <param name="Machine">Processor, cores, libtorch, BLAS.</param>
    /// <param name="Data">Question set, questions and pictures.</param>
    /// <param name="Profile">The numerics profile that the tolerances are for.</param>
    /// <param name="Reference">What the first run of each subject was.</param>
    /// <param name="LeftOut">Variations that could not be run here, each with its reason.</param>
    public sealed record Facts(string Command, string Machine, string Data, string Profile, string Reference, IReadOnlyList<string> LeftOut);

    /// <summary>Markdown.</summary>
    public static string Render(NoiseTable table, Facts facts)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # The noise floor

            How far a study's figures move when nothing but numerics changes: threads, the size of a batch, the instructions of libtorch's kernels (`ATEN_CPU_CAPABILITY`) and of matrix products
            (`OPENBLAS_CORETYPE`). Tolerances of snapshots for the profile `{facts.Profile}` come from here. Made by

                {facts.Command}

            on {facts.Machine}; {facts.Data}. Every variation is a process of its own with a run folder of its own, and is held against the first run of its subject ({facts.Reference}).

            **Suggested tolerance = {NoiseRow.Factor} × the largest difference** of a value or an end of its interval in the family, rounded up to two digits. The factor stands for the processors and libraries
            that were not measured. Where nothing moved the tolerance is 0, and the six digits of the snapshot are compared. Another n, method or verdict is never within tolerance.

            ## Variations

            | subject | variation | questions | greedy answers changed | labels changed | sampled answers changed | rows with another n or method | verdicts changed | largest difference |
            |---|---|---|---|---|---|---|---|---|

            """);
        foreach (var change in table.Changes)
            text.Append(CultureInfo.InvariantCulture, $"| {change.Subject} | {change.Variation} | {change.Samples} | {change.Answers} | {change.Labels} | {change.Sampled} | {change.OtherRows} | {(change.Verdicts.Count == 0 ? "0" : string.Join(", ", change.Verdicts))} | {Number(change.Largest)} |\n");
        foreach (var reason in facts.LeftOut) text.Append(CultureInfo.InvariantCulture, $"\nLeft out: {reason}");
        if (facts.LeftOut.Count > 0) text.Append('\n');
        if (table.SmallestMargin is { } margin && table.Scores.FirstOrDefault(row => row.Family == "score first_token_margin") is { } moved)
            text.Append(CultureInfo.InvariantCulture, $"\nThe closest two first tokens of any answer are {Number(margin)} apart in probability; that distance moved by {Number(moved.Largest)} at most. Labels that may differ: {table.LabelTolerance}.\n");
        Rows(text, "Families of figures", "rows", table.Families, withTolerance: true);
        Rows(text, "Signals of single samples", "samples", table.Scores, withTolerance: false);
        return text.ToString();
    }

    static void Rows(StringBuilder text, string title, string unit, IReadOnlyList<NoiseRow> rows, bool withTolerance)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| family | {unit} | largest difference | {(withTolerance ? "suggested tolerance | " : "")}where |\n|---|---|---|{(withTolerance ? "---|" : "")}---|\n");
        foreach (var row in rows)
            text.Append(CultureInfo.InvariantCulture, $"| `{row.Family}` | {row.Count} | {Number(row.Largest)} | {(withTolerance ? $"{Number(row.Tolerance)} | " : "")}{(row.Variation is null ? "" : $"{row.Variation}: {row.At}")} |\n");
    }

    static string Number(double value) => value.ToString("G2", CultureInfo.InvariantCulture);
}
