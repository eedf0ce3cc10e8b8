using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>Scores of rows whose images the probe never saw. Only <see cref="FittedProbe.Score"/> makes them; every reported figure of a probe comes from
/// here.</summary>
public sealed class HeldOutScores
{
    internal HeldOutScores(string probe, int[] rows, double[] scores, bool[] labels, Groups groups) =>
        (Probe, Rows, Scores, Labels, Groups) = (probe, rows, scores, labels, groups);

    /// <summary>The probe's kind.</summary>
    public string Probe { get; }

    /// <summary>Row numbers in the data.</summary>
    public int[] Rows { get; }

    /// <summary>Log-odds of "correct".</summary>
    public double[] Scores { get; }

    /// <summary>Labels of the rows.</summary>
    public bool[] Labels { get; }

    /// <summary>Groups of the rows.</summary>
    public Groups Groups { get; }

    /// <summary>AUROC with Obuchowski's clustered interval: the judging figure.</summary>
    /// <exception cref="OneClassException">One class only. Fewer than two groups with a class: <see cref="TooFewException"/>.</exception>
    public Estimate Auroc(double level = 0.95) => ClusteredAuroc.Interval(Labels, Scores, Groups, level);

    /// <summary>AUROC with the image-clustered percentile bootstrap, beside.</summary>
    /// <exception cref="OneClassException">One class only.</exception>
    public Estimate AurocBootstrap(int draws = 10_000, ulong seed = 0, double level = 0.95) =>
        new ClusteredBootstrap(Groups, draws, seed).Percentile(GroupStatistics.Auroc(Labels, Scores, Groups), level);

    /// <summary>Share of rows whose sign of score is their label (p ≥ ½ = "correct"), with the clustered t interval.</summary>
    /// <exception cref="TooFewException">Fewer than two groups.</exception>
    public Estimate Accuracy(double level = 0.95) =>
        ClusteredMean.Interval([.. Scores.Zip(Labels, (score, label) => score >= 0 == label ? 1.0 : 0.0)], Groups, level);

    /// <summary>Accuracy of always saying the commoner label of these rows: what an accuracy must be held against.</summary>
    public double MajorityAccuracy => Math.Max(Labels.Count(label => label), Labels.Count(label => !label)) / (double)Labels.Length;

    /// <summary>The rows for which <paramref name="keep"/> (indexed by the data's row numbers) holds, for example predicted "yes".</summary>
    /// <exception cref="EmptyInputException">No row is left.</exception>
    public HeldOutScores Where(Func<int, bool> keep)
    {
        int[] kept = [.. Enumerable.Range(0, Rows.Length).Where(i => keep(Rows[i]))];
        Check.NotEmpty("held-out rows of a kind", kept.Length);
        return new HeldOutScores(Probe, Split.Take<int>(Rows, kept), Split.Take<double>(Scores, kept), Split.Take<bool>(Labels, kept), Groups.Select(kept));
    }

    /// <summary>AUROC of these scores minus that of another score of the same rows (first-token confidence), paired, after Obuchowski.</summary>
    /// <param name="other">By the data's row numbers.</param>
    /// <param name="level">Level.</param>
    /// <exception cref="NotFiniteException">The other score is missing for a row.</exception>
    public (Estimate Difference, double P) GainOver(IReadOnlyList<double> other, double level = 0.95) =>
        ClusteredAuroc.Paired(Labels, Scores, [.. Rows.Select(row => other[row])], Groups, level);
}
