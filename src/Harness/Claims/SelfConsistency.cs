using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Statistics;
using static System.FormattableString;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>self-consistency: S_SC against every signal that one pass gives, on the same rows.</summary>
public sealed class SelfConsistency : Claim
{
    /// <summary>Standard errors below the closed form at which sampled agreement is no chance.</summary>
    const double Contradiction = 5;

    public override string Id => "self-consistency";

    public override string Text => "Agreement over ten sampled answers is the strongest behavioural signal of correctness.";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        PublishedFigure.Pooled("r_pb", "R_pb(S_SC, correct)", 0.429),
        new("auroc", "AUROC", 0.78, 0.81, 0.79) { Kind = "within-kind", Arm = "s_sc" },
        PublishedFigure.Pooled("precision_at_1", "precision at S_SC = 1, %", 90.8, "95 % CI [88.4, 92.8]") with { Arm = "wilson", Scale = 100 },
        PublishedFigure.Pooled("cost_ratio", "cost in greedy answers", 10) with { Row = "token_cost_ratio" },
    ];

    public override string PublishedForm => "AUROC of S_SC is at least the family's printed figure, as a point.";

    public override string JudgedForm =>
        "AUROC of S_SC exceeds that of each signal that one forward pass gives: first-token entropy, probability, margin, and P_tok with and without the "
        + "end token.";

    public override string Method =>
        $"K = 10, T = 0.7, top-p = 0.9; S_SC = share of the commonest parsed answer. {char.ToUpperInvariant(WithinKind[0])}{WithinKind[1..]}. Paired "
        + "differences of stratified AUROCs, images as units. Beside it: the closed form E[S_SC] for one-token answers, precision at S_SC = 1 (Wilson, "
        + "clustered), R_pb, risk-coverage, measured cost.";

    public override string SupportedWhen => "all differences are entirely above 0";

    public override string RefutedWhen => "one difference is entirely below 0 (interval widened by Bonferroni over the signals)";

    public override string NotRunWhen => "K, T or top-p differ from the study's, samples are missing, or sampled agreement contradicts the closed form";

    public override IReadOnlyList<string> Traps =>
    [
        "Under T = 0.7 and top-p = 0.9 a yes/no answer with p ≥ 0.823 always agrees with itself: the closed form is reported, and an observed "
            + "agreement below it beyond 5 standard errors means that sampling was not what it says, which is NotRun.",
        "\"Strongest\" was never tested against the same rows' first-token confidence: the comparison is paired.",
        "Answers that do not parse are answers of their own (all alike), counted as wrong and reported apart.",
    ];

    internal override Decision Judge(ClaimRun run)
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
        var printed = Published("auroc", study.Family);
        run.Published(printed is { } least ? auroc.Value >= least : null, $"AUROC {auroc}; printed {printed}");

        if (facts.Samples != wanted.Answers || facts.Temperature != wanted.Temperature || facts.TopP != wanted.TopP)
            throw new NotRunException(FormattableString.Invariant($"the trace drew K={facts.Samples} answers at T={Known(facts.Temperature)}, ")
                + FormattableString.Invariant($"top-p={Known(facts.TopP)}; ")
                + FormattableString.Invariant($"the study's are K={wanted.Answers}, T={wanted.Temperature}, top-p={wanted.TopP}."),
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
            decisions.Add(decision.Verdict == Verdict.Refuted && !widened.IsBelow(0) ? decision with { Verdict = Verdict.Inconclusive,
                WouldSettle = "more questions: below 0, but not with the interval widened for five comparisons" } : decision);
        }

        return study.Behaviour.WithoutMissing(Decision.All(decisions));
    }

    /// <summary>A log need not say how its answers were sampled.</summary>
    static string Known(double setting) => double.IsNaN(setting) ? "unknown" : Invariant($"{setting}");

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
        run.Add("precision_at_1", run.Study.Bootstrap(rows.Images).Percentile(GroupStatistics.Ratio(right, unanimous, rows.Images),
            run.Options.Level) with { N = n }, arm: "bootstrap");
        run.Add("share_unanimous", ClusteredMean.Interval(unanimous, rows.Images, run.Options.Level));
        run.Point("aurc", RiskCoverage.Compute(rows.Labels, observed).Area, rows.Count, rows.Images.Count, "risk-coverage", arm: "s_sc");
    }

    /// <summary>Tokens drawn for K answers over tokens of the greedy one: what sampling costs where decoding is the cost. Times are in run.json.</summary>
    static void Cost(ClaimRun run)
    {
        var rows = run.Study.Rows;
        double[] sampled = rows.Take(row => row.Record.SampledAnswers.Sum(sample => sample.Ids.Count)), greedy = rows.Take(row => row.Record.Ids.Count);
        if (greedy.Sum() > 0 && sampled.Sum() > 0) run.Add("token_cost_ratio",
            run.Study.Bootstrap(rows.Images).Percentile(GroupStatistics.Ratio(sampled, greedy, rows.Images), run.Options.Level));
    }

    static void ClosedForm(ClaimRun run, RowSet rows, int[] strata)
    {
        var (study, level) = (run.Study, run.Options.Level);
        var (observed, expected) = (study.SelfConsistency, study.ExpectedSelfConsistency);
        var known = study.Rows.Where(expected.Knows);
        run.Point("share_one_token_answers", known.Count / (double)Math.Max(1, study.Rows.Count), study.Rows.Count, study.Rows.Images.Count,
            "answers-of-one-token");
        if (known.Count >= run.Options.MinimumCell)
        {
            var mean = run.Add("s_sc_minus_closed_form", ClusteredMean.Interval(known.Take(row => observed[row] - expected[row]), known.Images, level));
            run.Add("s_sc_closed_form", ClusteredMean.Interval(known.Take(expected), known.Images, level));
            var error = (mean.High - mean.Low) / 2 / Distribution.StudentCritical(level, mean.Groups - 1);
            if (mean.Value < 0 && (error == 0 || mean.Value / error < -Contradiction))
                throw new NotRunException("sampled answers agree less often than the distribution they were drawn from allows: S_SC minus its closed form is "
                    + $"{mean}. Temperature, top-p or the seed of the samples is not what the trace states.", "a new trace");
        }

        // As a ranking it needs a value for every row of a stratum.
        var unknown = rows.Count(row => !expected.Knows(row));
        if (unknown > 0) run.Notes.Add($"closed form: {unknown} of {rows.Count} answers have more than one token and none.");
        else run.Add("auroc", StratifiedAuroc.Interval(rows.Labels, rows.Take(expected), strata, rows.Images, level), "within-kind", arm: "s_sc-closed-form");
    }

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var answers = ClaimScenarios.Answers;
        yield return Planted(Supported, "agreement that knows, probabilities that do not", answers with { OneToken = false, Agreement = 2 });
        yield return Planted(Refuted, "probabilities that know, agreement that does not", answers with { OneToken = false, Confidence = 2 });
        yield return Planted(Inconclusive, "neither knows, 120 questions", answers with { OneToken = false, Images = 10 });
        yield return Planted(NotRun, "four samples a question", answers with { Samples = 4, Images = 30 });
        yield return Planted(NotRun, "samples that disagree more than their distribution allows", answers with { BrokenSampling = 0.5, Images = 60 });
    }
}

/// <summary>self-consistency in a study.</summary>
public sealed class SelfConsistencyEstimates(StudyResult study) : ClaimEstimates<SelfConsistency>(study)
{
    /// <summary>AUROC of S_SC, rows compared within a kind.</summary>
    public StudyEstimate Auroc => Row("auroc", "within-kind", arm: "s_sc");

    /// <summary>AUROC of S_SC minus that of each signal of one forward pass.</summary>
    public IEnumerable<StudyEstimate> OverSinglePass => Rows("auroc_difference");

    /// <summary>Share of right answers among the unanimous ones (Wilson).</summary>
    public StudyEstimate PrecisionAt1 => Row("precision_at_1", "all", arm: "wilson");
}

/// <summary>Finds self-consistency in a study.</summary>
public static class SelfConsistencyOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="SelfConsistencyEstimates"/>
        public SelfConsistencyEstimates SelfConsistency => new(study);
    }
}
