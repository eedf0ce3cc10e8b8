using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Judging;

/// <summary>confidence-baselines: equivalence of output confidence to chance.</summary>
static class ConfidenceJudge
{
    public static Decision Judge(ClaimRun run)
    {
        var (study, level) = (run.Study, run.Options.Level);
        var signals = study.Behaviour.SinglePass;
        var (rows, strata) = study.Stratified();
        run.Notes.AddRange(study.LeftOut.Select(reason => $"left out: {reason}"));
        var all = study.Rows;
        var decisions = new List<Decision>();
        var claimed = new List<(string Name, Estimate Auroc)>();
        foreach (var signal in signals)
        {
            var (name, values) = (signal.Name, all.Take(signal));
            var auroc = StratifiedAuroc.Interval(rows.Labels, rows.Take(signal), strata, rows.Images, level);
            foreach (var stratum in study.Strata)
                run.Add($"auroc_{name}", ClusteredAuroc.Interval(stratum.Rows.Labels, stratum.Rows.Take(signal), stratum.Rows.Images, level), stratum.Name);
            run.Add($"auroc_{name}", study.Bootstrap(all.Images).Percentile(GroupStatistics.Auroc(all.Labels, values, all.Images), level), arm: "pooled-bootstrap");
            run.Point($"aurc_{name}", RiskCoverage.Compute(all.Labels, values).Area, all.Count, all.Images.Count, "risk-coverage");
            if (name == "first_token_margin")
            {
                run.Add($"auroc_{name}", auroc, "within-kind");   // printed at 0.63-0.83: reported, and no part of "near chance"
                continue;
            }

            run.Decisive($"auroc_{name}", auroc, "within-kind");
            decisions.Add(Decision.Within($"AUROC of {name}", auroc, 0.5, run.Options.AurocMargin));
            if (name is "first_token_entropy" or "p_tok") claimed.Add((name, auroc));
        }

        var probability = all.Take(study.Behaviour.FirstTokenProbability);
        run.Point("brier", Calibration.Brier(all.Labels, probability), all.Count, all.Images.Count, "first-token-probability");
        run.Point("ece", Calibration.ExpectedError(all.Labels, probability), all.Count, all.Images.Count, "first-token-probability-10-bins");
        run.Add("accuracy", ClusteredMean.Interval(all.Numbers, all.Images, level));
        run.Assert(claimed.All(c => Math.Abs(c.Auroc.Value - 0.5) <= 0.05), string.Join("; ", claimed.Select(c => $"{c.Name} {c.Auroc}")));
        return Decision.All(decisions);
    }
}
