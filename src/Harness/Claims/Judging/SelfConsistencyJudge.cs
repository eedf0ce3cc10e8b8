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
        var observed = study.SelfConsistency;
        var (rows, strata) = study.Stratified();
        run.Notes.AddRange(study.LeftOut.Select(reason => $"left out: {reason}"));
        var (labels, images) = (study.LabelsOf(rows), study.Groups.Select(rows));
        double[] Take(double[] values) => [.. rows.Select(row => values[row])];
        var scores = Take(observed);

        var auroc = run.Decisive("auroc", StratifiedAuroc.Interval(labels, scores, strata, images, level), "within-kind", arm: "s_sc");
        foreach (var (stratum, s) in study.Strata.Select((stratum, s) => (stratum, s)))
            run.Add("auroc", ClusteredAuroc.Interval(study.LabelsOf(stratum.Rows), [.. stratum.Rows.Select(row => observed[row])], study.Groups.Select(stratum.Rows), level), stratum.Name, arm: "s_sc");
        run.Add("auroc", study.Bootstrap(study.Groups).Percentile(GroupStatistics.Auroc(study.Labels, observed, study.Groups), level), arm: "s_sc-pooled-bootstrap");
        if (observed.Max() > observed.Min()) run.Add("r_pb", Correlation.PointBiserial(study.Labels, observed, level));
        Precision(run, observed);
        Cost(run);
        ClosedForm(run, observed, rows, strata, labels, images, level);
        var printed = run.Claim.Published("auroc", study.Family);
        run.Assert(printed is { } least ? auroc.Value >= least : null, $"AUROC {auroc}; printed {printed}");

        if (facts.Samples != wanted.Answers || facts.Temperature != wanted.Temperature || facts.TopP != wanted.TopP)
            throw new NotRunException(FormattableString.Invariant($"the trace drew K={facts.Samples} answers at T={facts.Temperature}, top-p={facts.TopP}; the study's are K={wanted.Answers}, T={wanted.Temperature}, top-p={wanted.TopP}."),
                "a trace with the study's sampling");

        var rivals = study.Behaviour.SinglePass;
        var decisions = new List<Decision>();
        foreach (var (name, values) in rivals)
        {
            var other = Take(values);
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

    static void Precision(ClaimRun run, double[] observed)
    {
        var study = run.Study;
        double[] unanimous = [.. observed.Select(value => value == 1 ? 1.0 : 0)], right = [.. unanimous.Zip(study.Numbers, (u, y) => u * y)];
        var n = (int)unanimous.Sum();
        if (n < run.Options.MinimumCell)
        {
            run.Notes.Add($"{n} rows agree unanimously, fewer than {run.Options.MinimumCell}: no precision at S_SC = 1.");
            return;
        }

        run.Add("precision_at_1", Proportion.Wilson((int)right.Sum(), n, run.Options.Level), arm: "wilson");
        run.Add("precision_at_1", study.Bootstrap(study.Groups).Percentile(GroupStatistics.Ratio(right, unanimous, study.Groups), run.Options.Level) with { N = n }, arm: "bootstrap");
        run.Add("share_unanimous", ClusteredMean.Interval(unanimous, study.Groups, run.Options.Level));
        run.Point("aurc", RiskCoverage.Compute(study.Labels, observed).Area, observed.Length, study.Groups.Count, "risk-coverage", arm: "s_sc");
    }

    /// <summary>Tokens drawn for K answers over tokens of the greedy one: what sampling costs where decoding is the cost. Times are in run.json.</summary>
    static void Cost(ClaimRun run)
    {
        var study = run.Study;
        double[] sampled = [.. Enumerable.Range(0, study.Rows.Length).Select(row => (double)study.Record(row).Samples.Sum(sample => sample.Ids.Count))];
        double[] greedy = [.. Enumerable.Range(0, study.Rows.Length).Select(row => (double)study.Record(row).Ids.Count)];
        if (greedy.Sum() > 0 && sampled.Sum() > 0) run.Add("token_cost_ratio", study.Bootstrap(study.Groups).Percentile(GroupStatistics.Ratio(sampled, greedy, study.Groups), run.Options.Level));
    }

    static void ClosedForm(ClaimRun run, double[] observed, int[] rows, int[] strata, bool[] labels, Groups images, double level)
    {
        var study = run.Study;
        var expected = study.ExpectedSelfConsistency;
        int[] known = [.. Enumerable.Range(0, observed.Length).Where(row => expected[row] is not null)];
        run.Point("share_one_token_answers", known.Length / (double)Math.Max(1, observed.Length), observed.Length, study.Groups.Count, "answers-of-one-token");
        if (known.Length >= run.Options.MinimumCell)
        {
            double[] gap = [.. known.Select(row => observed[row] - expected[row]!.Value)];
            var mean = run.Add("s_sc_minus_closed_form", ClusteredMean.Interval(gap, study.Groups.Select(known), level));
            run.Add("s_sc_closed_form", ClusteredMean.Interval([.. known.Select(row => expected[row]!.Value)], study.Groups.Select(known), level));
            var error = (mean.High - mean.Low) / 2 / Distribution.StudentCritical(level, mean.Groups - 1);
            if (mean.Value < 0 && (error == 0 || mean.Value / error < -Contradiction))
                throw new NotRunException($"sampled answers agree less often than the distribution they were drawn from allows: S_SC minus its closed form is {mean}. Temperature, top-p or the seed of the samples is not what the trace states.", "a new trace");
        }

        // As a ranking it needs a value for every row of a stratum.
        int[] usable = [.. Enumerable.Range(0, rows.Length).Where(i => expected[rows[i]] is not null)];
        if (usable.Length < rows.Length)
        {
            run.Notes.Add($"closed form: {rows.Length - usable.Length} of {rows.Length} answers have more than one token and none.");
            return;
        }

        var closed = StratifiedAuroc.Interval(labels, [.. rows.Select(row => expected[row]!.Value)], strata, images, level);
        run.Add("auroc", closed, "within-kind", arm: "s_sc-closed-form");
    }
}
