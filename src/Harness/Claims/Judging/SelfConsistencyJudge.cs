using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Judging;

/// <summary>self-consistency: S_SC against every signal that one pass gives, on the same rows.</summary>
static class SelfConsistencyJudge
{
    /// <summary>Standard errors below the closed form at which sampled agreement is no chance.</summary>
    const double Contradiction = 5;

    public static Decision Judge(ClaimRun run)
    {
        var (study, level) = (run.Study, run.Options.Level);
        var (facts, wanted) = (study.Trace.Facts, run.Options.Sampling);
        var agreement = study.SelfConsistency;
        var (all, observed) = (study.Rows, study.Rows.Take(agreement));
        var (rows, strata) = study.Stratified();
        run.Notes.AddRange(study.LeftOut.Select(reason => $"left out: {reason}"));
        var (labels, images, scores) = (rows.Labels, rows.Images, rows.Take(agreement));

        var auroc = run.Decisive("auroc", StratifiedAuroc.Interval(labels, scores, strata, images, level), "within-kind", arm: "s_sc");
        foreach (var stratum in study.Strata)
            run.Add("auroc", ClusteredAuroc.Interval(stratum.Rows.Labels, stratum.Rows.Take(agreement), stratum.Rows.Images, level), stratum.Name, arm: "s_sc");
        run.Add("auroc", study.Bootstrap(all.Images).Percentile(GroupStatistics.Auroc(all.Labels, observed, all.Images), level), arm: "s_sc-pooled-bootstrap");
        if (observed.Max() > observed.Min()) run.Add("r_pb", Correlation.PointBiserial(all.Labels, observed, level));
        Precision(run, all, observed);
        Cost(run);
        ClosedForm(run, rows, strata);
        var printed = run.Claim.Published("auroc", study.Family);
        run.Assert(printed is { } least ? auroc.Value >= least : null, $"AUROC {auroc}; printed {printed}");

        if (facts.Samples != wanted.Answers || facts.Temperature != wanted.Temperature || facts.TopP != wanted.TopP)
            throw new NotRunException(FormattableString.Invariant($"the trace drew K={facts.Samples} answers at T={facts.Temperature}, top-p={facts.TopP}; the study's are K={wanted.Answers}, T={wanted.Temperature}, top-p={wanted.TopP}."),
                "a trace with the study's sampling");

        var rivals = study.Behaviour.SinglePass;
        var decisions = new List<Decision>();
        foreach (var rival in rivals)
        {
            var (name, other) = (rival.Name, rows.Take(rival));
            run.Add("auroc", StratifiedAuroc.Interval(labels, other, strata, images, level), "within-kind", arm: name);
            var (difference, _) = StratifiedAuroc.Paired(labels, scores, other, strata, images, level);
            run.Decisive("auroc_difference", difference, "within-kind", arm: $"s_sc-minus-{name}");
            // One rival is enough to refute "strongest", so refuting pays for the number of rivals; supporting needs all and pays nothing.
            var (widened, _) = StratifiedAuroc.Paired(labels, scores, other, strata, images, 1 - (1 - level) / rivals.Count);
            var decision = Decision.Above($"AUROC of S_SC minus that of {name}", difference, 0);
            decisions.Add(decision.Verdict == Verdict.Refuted && !widened.IsBelow(0) ? decision with { Verdict = Verdict.Inconclusive, WouldSettle = "more questions: below 0, but not with the interval widened for five comparisons" } : decision);
        }

        return Decision.All(decisions);
    }

    static void Precision(ClaimRun run, RowSet rows, double[] observed)
    {
        double[] unanimous = [.. observed.Select(value => value == 1 ? 1.0 : 0)], right = [.. unanimous.Zip(rows.Numbers, (u, y) => u * y)];
        var n = (int)unanimous.Sum();
        if (n < run.Options.MinimumCell)
        {
            run.Notes.Add($"{n} rows agree unanimously, fewer than {run.Options.MinimumCell}: no precision at S_SC = 1.");
            return;
        }

        run.Add("precision_at_1", Proportion.Wilson((int)right.Sum(), n, run.Options.Level), arm: "wilson");
        run.Add("precision_at_1", run.Study.Bootstrap(rows.Images).Percentile(GroupStatistics.Ratio(right, unanimous, rows.Images), run.Options.Level) with { N = n }, arm: "bootstrap");
        run.Add("share_unanimous", ClusteredMean.Interval(unanimous, rows.Images, run.Options.Level));
        run.Point("aurc", RiskCoverage.Compute(rows.Labels, observed).Area, rows.Count, rows.Images.Count, "risk-coverage", arm: "s_sc");
    }

    /// <summary>Tokens drawn for K answers over tokens of the greedy one: what sampling costs where decoding is the cost. Times are in run.json.</summary>
    static void Cost(ClaimRun run)
    {
        var rows = run.Study.Rows;
        double[] sampled = rows.Take(row => row.Record.Samples.Sum(sample => sample.Ids.Count)), greedy = rows.Take(row => row.Record.Ids.Count);
        if (greedy.Sum() > 0 && sampled.Sum() > 0) run.Add("token_cost_ratio", run.Study.Bootstrap(rows.Images).Percentile(GroupStatistics.Ratio(sampled, greedy, rows.Images), run.Options.Level));
    }

    static void ClosedForm(ClaimRun run, RowSet rows, int[] strata)
    {
        var (study, level) = (run.Study, run.Options.Level);
        var (observed, expected) = (study.SelfConsistency, study.ExpectedSelfConsistency);
        var known = study.Rows.Where(expected.Knows);
        run.Point("share_one_token_answers", known.Count / (double)Math.Max(1, study.Rows.Count), study.Rows.Count, study.Rows.Images.Count, "answers-of-one-token");
        if (known.Count >= run.Options.MinimumCell)
        {
            var mean = run.Add("s_sc_minus_closed_form", ClusteredMean.Interval(known.Take(row => observed[row] - expected[row]), known.Images, level));
            run.Add("s_sc_closed_form", ClusteredMean.Interval(known.Take(expected), known.Images, level));
            var error = (mean.High - mean.Low) / 2 / Distribution.StudentCritical(level, mean.Groups - 1);
            if (mean.Value < 0 && (error == 0 || mean.Value / error < -Contradiction))
                throw new NotRunException($"sampled answers agree less often than the distribution they were drawn from allows: S_SC minus its closed form is {mean}. Temperature, top-p or the seed of the samples is not what the trace states.", "a new trace");
        }

        // As a ranking it needs a value for every row of a stratum.
        var unknown = rows.Count(row => !expected.Knows(row));
        if (unknown > 0) run.Notes.Add($"closed form: {unknown} of {rows.Count} answers have more than one token and none.");
        else run.Add("auroc", StratifiedAuroc.Interval(rows.Labels, rows.Take(expected), strata, rows.Images, level), "within-kind", arm: "s_sc-closed-form");
    }
}
