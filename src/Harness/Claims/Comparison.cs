using Vrp.Harness.Statistics;
using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>Several subjects side by side: pooled and meta-analysed correlations, dose curves against each other, and the claim that only a comparison can
/// judge.</summary>
/// <param name="Studies">The subjects, in the order given.</param>
/// <param name="Split">architecture-split.</param>
/// <param name="Estimates">Rows of the comparison, sorted; a row's arm names the subjects.</param>
public sealed record Comparison(IReadOnlyList<StudyResult> Studies, ClaimResult Split, IReadOnlyList<StudyEstimate> Estimates)
{
    static readonly (string Score, string Measure)[] correlated =
        [("attention_entropy", "r_pb_entropy"), ("k_components", "r_pb_k_components"), ("k_dbscan", "r_pb_k_dbscan"), ("image_mass", "r_pb_image_mass")];

    /// <summary>By pair of a late and an early subject: the excess loss by the top units, late minus early.</summary>
    public IEnumerable<StudyEstimate> ExcessDifferences => Split.Deciding;

    /// <summary>Compares run folders.</summary>
    /// <exception cref="VrpException">Fewer than two, or two of the same subject and data.</exception>
    public static Comparison Of(IReadOnlyList<StudyResult> studies, StudyOptions? options = null)
    {
        options ??= new StudyOptions();
        if (studies.Count < 2) throw new VrpException($"a comparison needs at least two run folders, got {studies.Count}.");
        if (studies.GroupBy(study => (study.Subject, study.Data)).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new VrpException($"{string.Join(" and ", twice.Select(study => study.Folder))} both hold {twice.Key.Subject} on {twice.Key.Data}: "
                + "rows would be counted twice. Give each subject once.");
        var split = ClaimRegistry.Get<ArchitectureSplit>().Judge(studies, options);
        StudyEstimate[] estimates = [.. PooledCorrelations(studies, options), .. DoseDifferences(studies), .. split.Deciding];
        Array.Sort(estimates);
        return new Comparison(studies, split, estimates);
    }

    /// <summary>Each late subject with each early one.</summary>
    internal static IEnumerable<(StudyResult Late, StudyResult Early)> Pairs(IReadOnlyList<StudyResult> studies) =>
        from late in studies where late.ModelFamily.Fusion() == "late" from early in studies where early.ModelFamily.Fusion() == "early" select (late, early);

    /// <summary>R_pb over all subjects: pooled as the study printed it, with a bootstrap of images, and meta-analysed over subjects and question
    /// kinds.</summary>
    static IEnumerable<StudyEstimate> PooledCorrelations(IReadOnlyList<StudyResult> studies, StudyOptions options)
    {
        var claim = ClaimRegistry.Get<AttentionSharpness>().Id;
        foreach (var (score, measure) in correlated)
        {
            var rows = studies.SelectMany(study => study.Questions.Where(question => question.IsJudged && question.Scores.ContainsKey(score))
                .Select(question => (Study: study, Sample: question, Correct: question.IsCorrect, Value: question.Scores[score]))).ToArray();
            if (rows.Length < options.MinimumCell || rows.All(row => row.Correct) || !rows.Any(row => row.Correct)
                || rows.All(row => row.Value == rows[0].Value))
                continue;
            bool[] labels = [.. rows.Select(row => row.Correct)];
            double[] values = [.. rows.Select(row => row.Value)], numbers = [.. labels.Select(label => label ? 1.0 : 0)];
            StudyEstimate Row(Estimate estimate, string kind, string arm) => new(claim, measure, kind, null, arm, estimate);
            yield return Row(Correlation.PointBiserial(labels, values, options.Level), "all", "pooled");
            // An image is one unit, whichever model looked at it.
            var images = Groups.From(rows.Select(row => (row.Study.Data, row.Sample.Group)));
            yield return Row(new ClusteredBootstrap(images, options.Draws, options.Seed).Percentile(GroupStatistics.Correlation(values, numbers, images),
                options.Level),
                "all", "pooled-bootstrap");

            var cells = rows.GroupBy(row => (row.Study.Subject, row.Study.Data, row.Sample.Kind)).Select(cell => cell.ToArray())
                .Where(cell => cell.Length >= options.MinimumCell && cell.Any(row => row.Correct) && cell.Any(row => !row.Correct)
                    && cell.Any(row => row.Value != cell[0].Value))
                .ToArray();
            if (cells.Length < 2) continue;
            var meta = MetaAnalysis.OfCorrelations(
                [.. cells.Select(cell => Correlation.PointBiserialValue([.. cell.Select(row => row.Correct)], [.. cell.Select(row => row.Value)]))],
                [.. cells.Select(cell => cell.Length)], options.Level);
            yield return Row(meta.Pooled with { Groups = images.Count }, "within-kind", "meta-analysis");
            yield return new StudyEstimate(claim, $"{measure}_i2", "within-kind", null, "meta-analysis",
                Estimate.Point(meta.I2, meta.Pooled.N, images.Count, "cochran-q"));
        }
    }

    /// <summary>The dose curves of two subjects at the study's depth, point by point: late minus early.</summary>
    static IEnumerable<StudyEstimate> DoseDifferences(IReadOnlyList<StudyResult> studies)
    {
        var (claim, ablation) = (ClaimRegistry.Get<ArchitectureSplit>().Id, ClaimRegistry.Get<NeuronAblation>().Id);
        IEnumerable<StudyEstimate> Curve(StudyResult study)
        {
            var depth = study.ModelFamily.Map(study.ModelFamily.StudyAblationLayer(), study.Layers);
            return study.Estimates.Where(row => row.Claim == ablation && row.Measure == "accuracy_change" && row.Layer == depth);
        }

        foreach (var (first, second) in Pairs(studies))
            foreach (var row in Curve(first))
                if (Curve(second).FirstOrDefault(other => other.Arm == row.Arm) is { } other)
                    yield return new StudyEstimate(claim, "accuracy_change_difference", "all", null, $"{first.Subject} - {second.Subject}: {row.Arm}",
                        Difference(row.Estimate, other.Estimate));
    }

    /// <summary>Half widths add as for independent estimates; the same questions make the true interval narrower, if anything.</summary>
    static Estimate Difference(Estimate a, Estimate b) => new(a.Value - b.Value,
        a.Value - b.Value - Math.Sqrt(Math.Pow(a.Value - a.Low, 2) + Math.Pow(b.High - b.Value, 2)),
        a.Value - b.Value + Math.Sqrt(Math.Pow(a.High - a.Value, 2) + Math.Pow(b.Value - b.Low, 2)),
        a.Level, Math.Min(a.N, b.N), Math.Min(a.Groups, b.Groups), "difference-of-independent-intervals");
}
