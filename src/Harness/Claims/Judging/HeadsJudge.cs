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
            var (split, groups) = study.SplitOf(stratum.Rows);
            var result = HeadRegression.Compute([.. stratum.Rows.Select(row => attention.HeadEntropies[row])], study.LabelsOf(stratum.Rows), groups,
                split.Fitting.ToArray(), split.Scored.ToArray(), run.Options.TopHeads);
            return (Result: result, Scored: split.Scored.ToArray().Select(i => stratum.Rows[i]).ToArray());
        });

        var (rows, residual, total) = (new List<int>(), new List<double>(), new List<double>());
        foreach (var (stratum, (result, scored)) in kinds)
        {
            run.Point("r2_top_heads", result.R2, result.N, result.Groups, "held-out-least-squares", stratum.Name, seed: run.Options.Seed);
            for (var i = 0; i < scored.Length; i++)
            {
                rows.Add(scored[i]);
                residual.Add(Math.Pow(study.Numbers[scored[i]] - result.Predicted[i], 2));
                total.Add(Math.Pow(study.Numbers[scored[i]] - result.FittingMean, 2));
            }

            foreach (var (head, rank) in result.Heads.Select((head, rank) => (head, rank)))
                run.Point("chosen_head", attention.KeptHeads[head] % study.Trace.Facts.Heads, result.N, result.Groups, "largest-r-pb-on-fitting-half",
                    stratum.Name, attention.KeptHeads[head] / study.Trace.Facts.Heads, $"rank-{rank + 1}");
        }

        var images = study.Groups.Select([.. rows]);
        var unexplained = GroupStatistics.Ratio([.. residual], [.. total], images);
        var r2 = run.Decisive("r2_top_heads", study.Bootstrap(images).Percentile(counts => 1 - unexplained(counts), run.Options.Level), "within-kind");
        var printed = run.Claim.Published("r2_top_heads", study.Family);
        run.Assert(printed is { } most ? r2.Value <= most : null, $"R² {r2}; printed: at most {printed}");
        return Decision.Below("held-out R² of the best heads", r2, run.Options.HeadRegressionMargin);
    }
}
