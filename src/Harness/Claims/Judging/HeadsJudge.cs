using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Judging;

/// <summary>attention-heads: R² of the best heads on images that they were not chosen on.</summary>
static class HeadsJudge
{
    public static Decision Judge(ClaimRun run)
    {
        var study = run.Study;
        var attention = study.Attention;
        var lost = study.Trace.Facts.Layers * study.Trace.Facts.Heads - attention.KeptHeads.Length;
        if (lost > 0) run.Notes.Add($"{lost} heads put no weight on the image in some sample, have no entropy there and are left out.");
        var kinds = run.PerKind(stratum =>
        {
            var rows = stratum.Rows;
            var result = HeadRegression.Compute([.. rows.Select(row => attention[row].HeadEntropies)], rows.Labels, rows.Images,
                rows.Split.Fitting.ToArray(), rows.Split.Scored.ToArray(), run.Options.TopHeads);
            return (Result: result, Scored: rows.Of(rows.Scored));
        });

        var (rows, residual, total) = (new List<StudyRow>(), new List<double>(), new List<double>());
        foreach (var (stratum, (result, scored)) in kinds)
        {
            run.Point("r2_top_heads", result.R2, result.N, result.Groups, "held-out-least-squares", stratum.Name, seed: run.Options.Seed);
            rows.AddRange(scored);
            residual.AddRange(scored.Numbers.Zip(result.Predicted, (right, predicted) => Math.Pow(right - predicted, 2)));
            total.AddRange(scored.Numbers.Select(right => Math.Pow(right - result.FittingMean, 2)));

            foreach (var (head, rank) in result.Heads.Select((head, rank) => (head, rank)))
                run.Point("chosen_head", attention.KeptHeads[head] % study.Trace.Facts.Heads, result.N, result.Groups, "largest-r-pb-on-fitting-half",
                    stratum.Name, attention.KeptHeads[head] / study.Trace.Facts.Heads, $"rank-{rank + 1}");
        }

        var images = study.Rows.Of(rows).Images;
        var unexplained = GroupStatistics.Ratio([.. residual], [.. total], images);
        var r2 = run.Decisive("r2_top_heads", study.Bootstrap(images).Percentile(counts => 1 - unexplained(counts), run.Options.Level), "within-kind");
        var printed = run.Claim.Published("r2_top_heads", study.Family);
        run.Assert(printed is { } most ? r2.Value <= most : null, $"R² {r2}; printed: at most {printed}");
        return Decision.Below("held-out R² of the best heads", r2, run.Options.HeadRegressionMargin);
    }
}
