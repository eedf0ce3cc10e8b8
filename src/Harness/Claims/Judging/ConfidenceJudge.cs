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
        var (labels, images) = (study.LabelsOf(rows), study.Groups.Select(rows));
        var decisions = new List<Decision>();
        var claimed = new List<(string Name, Estimate Auroc)>();
        foreach (var (name, values) in signals)
        {
            double[] scores = [.. rows.Select(row => values[row])];
            var auroc = StratifiedAuroc.Interval(labels, scores, strata, images, level);
            foreach (var stratum in study.Strata)
                run.Add($"auroc_{name}", ClusteredAuroc.Interval(study.LabelsOf(stratum.Rows), [.. stratum.Rows.Select(row => values[row])], study.Groups.Select(stratum.Rows), level), stratum.Name);
            run.Add($"auroc_{name}", study.Bootstrap(study.Groups).Percentile(GroupStatistics.Auroc(study.Labels, values, study.Groups), level), arm: "pooled-bootstrap");
            run.Point($"aurc_{name}", RiskCoverage.Compute(study.Labels, values).Area, values.Length, study.Groups.Count, "risk-coverage");
            if (name == "first_token_margin")
            {
                run.Add($"auroc_{name}", auroc, "within-kind");   // printed at 0.63-0.83: reported, and no part of "near chance"
                continue;
            }

            run.Decisive($"auroc_{name}", auroc, "within-kind");
            decisions.Add(Decision.Within($"AUROC of {name}", auroc, 0.5, run.Options.AurocMargin));
            if (name is "first_token_entropy" or "p_tok") claimed.Add((name, auroc));
        }

        var probability = study.Behaviour.FirstTokenProbability;
        run.Point("brier", Calibration.Brier(study.Labels, probability), probability.Length, study.Groups.Count, "first-token-probability");
        run.Point("ece", Calibration.ExpectedError(study.Labels, probability), probability.Length, study.Groups.Count, "first-token-probability-10-bins");
        run.Add("accuracy", ClusteredMean.Interval(study.Numbers, study.Groups, level));
        run.Assert(claimed.All(c => Math.Abs(c.Auroc.Value - 0.5) <= 0.05), string.Join("; ", claimed.Select(c => $"{c.Name} {c.Auroc}")));
        return Decision.All(decisions);
    }
}
