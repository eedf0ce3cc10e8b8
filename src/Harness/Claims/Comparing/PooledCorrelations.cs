using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Comparing;

/// <summary>R_pb over all subjects: pooled as the study printed it, with images resampled beside, and meta-analysed over subjects and question kinds.</summary>
static class PooledCorrelations
{
    static readonly (string Score, string Measure)[] measures =
        [("attention_entropy", "r_pb_entropy"), ("k_components", "r_pb_k_components"), ("k_dbscan", "r_pb_k_dbscan"), ("image_mass", "r_pb_image_mass")];

    public static IEnumerable<StudyEstimate> Of(IReadOnlyList<StudyResult> studies, StudyOptions options)
    {
        foreach (var (score, measure) in measures)
        {
            var rows = studies.SelectMany(study => study.Samples.Where(sample => sample.IsJudged && sample.Scores.ContainsKey(score))
                .Select(sample => (Study: study, Sample: sample, Correct: sample.IsCorrect, Value: sample.Scores[score]))).ToArray();
            if (rows.Length < options.MinimumCell || rows.All(row => row.Correct) || !rows.Any(row => row.Correct) || rows.All(row => row.Value == rows[0].Value)) continue;
            bool[] labels = [.. rows.Select(row => row.Correct)];
            double[] values = [.. rows.Select(row => row.Value)], numbers = [.. labels.Select(label => label ? 1.0 : 0)];
            StudyEstimate Row(Estimate estimate, string kind, string arm) => new("attention-sharpness", measure, kind, null, arm, estimate);
            yield return Row(Correlation.PointBiserial(labels, values, options.Level), "all", "pooled");
            // A picture is one unit, whichever model looked at it.
            var images = Groups.From(rows.Select(row => (row.Study.Data, row.Sample.Group)));
            yield return Row(new ClusteredBootstrap(images, options.Draws, options.Seed).Percentile(GroupStatistics.Correlation(values, numbers, images), options.Level), "all", "pooled-bootstrap");

            var cells = rows.GroupBy(row => (row.Study.Subject, row.Study.Data, row.Sample.Kind)).Select(cell => cell.ToArray())
                .Where(cell => cell.Length >= options.MinimumCell && cell.Any(row => row.Correct) && cell.Any(row => !row.Correct) && cell.Any(row => row.Value != cell[0].Value)).ToArray();
            if (cells.Length < 2) continue;
            var meta = MetaAnalysis.OfCorrelations([.. cells.Select(cell => Correlation.PointBiserialValue([.. cell.Select(row => row.Correct)], [.. cell.Select(row => row.Value)]))],
                [.. cells.Select(cell => cell.Length)], options.Level);
            yield return Row(meta.Pooled with { Groups = images.Count }, "within-kind", "meta-analysis");
            yield return new StudyEstimate("attention-sharpness", $"{measure}_i2", "within-kind", null, "meta-analysis", Estimate.Point(meta.I2, meta.Pooled.N, images.Count, "cochran-q"));
        }
    }
}
