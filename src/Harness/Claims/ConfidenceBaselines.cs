using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Statistics;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>confidence-baselines: equivalence of output confidence to chance.</summary>
public sealed class ConfidenceBaselines : Claim
{
    /// <summary>"Near chance" as the study reads it.</summary>
    const double PrintedMargin = 0.05;

    public override string Id => "confidence-baselines";

    public override string Text => "Output probabilities are near chance.";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        new("auroc_first_token_entropy", "AUROC of logit entropy", 0.50, 0.52, 0.51) { Kind = "within-kind" },
        new("auroc_p_tok", "AUROC of output confidence", 0.54, 0.55, 0.53) { Kind = "within-kind" },
        new("auroc_first_token_margin", "AUROC of the margin", 0.72, 0.70, 0.63, "PaliGemma 0.70-0.83; not part of the claim") { Kind = "within-kind" },
    ];

    public override string PublishedForm => $"AUROC of entropy and of output confidence is at most {Shown(PrintedMargin)} from 0.5, as points.";

    public override string JudgedForm =>
        "AUROC of first-token entropy, first-token probability and P_tok (with and without the end token) is equivalent to 0.5 within "
        + $"±{Shown(StudyOptions.NoAuroc)}.";

    public override string Method =>
        $"P_tok = mean log-probability of the **chosen** tokens. Nothing is fitted, so all rows are scored; {WithinKind}. Clustered interval of the "
        + "stratified AUROC. Brier score, calibration error and risk-coverage beside it.";

    public override string SupportedWhen => $"all four intervals lie inside 0.5 ± {Shown(StudyOptions.NoAuroc)}";

    public override string RefutedWhen => "one of the four is entirely outside";

    public override string NotRunWhen => "log-probabilities are missing or not finite, or labels have one class";

    public override IReadOnlyList<string> Traps =>
    [
        "The study's confidence averaged something other than the chosen tokens' log-probability; here it is theirs, with and without the end token.",
        "Kinds differ in length and vocabulary: comparing within a kind keeps that out.",
    ];

    internal override Decision Judge(ClaimRun run)
    {
        var (study, level) = (run.Study, run.Options.Level);
        var all = study.Rows;
        run.Add("accuracy", ClusteredMean.Interval(all.Numbers, all.Images, level));
        var signals = study.Behaviour.SinglePass;
        var (rows, strata) = study.Stratified();
        run.Notes.AddRange(study.LeftOut.Select(reason => $"left out: {reason}"));
        var decisions = new List<Decision>();
        var claimed = new List<(string Name, Estimate Auroc)>();
        foreach (var signal in signals)
        {
            var (name, values) = (signal.Name, all.Take(signal));
            var auroc = StratifiedAuroc.Interval(rows.Labels, rows.Take(signal), strata, rows.Images, level);
            foreach (var stratum in study.Strata)
                run.Add($"auroc_{name}", ClusteredAuroc.Interval(stratum.Rows.Labels, stratum.Rows.Take(signal), stratum.Rows.Images, level), stratum.Name);
            run.Add($"auroc_{name}", study.Bootstrap(all.Images).Percentile(GroupStatistics.Auroc(all.Labels, values, all.Images), level),
                arm: "pooled-bootstrap");
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

        var probability = all.Take(study.Behaviour.Probability);
        run.Point("brier", Calibration.Brier(all.Labels, probability), all.Count, all.Images.Count, "first-token-probability");
        run.Point("ece", Calibration.ExpectedError(all.Labels, probability), all.Count, all.Images.Count, "first-token-probability-10-bins");
        run.Published(claimed.Count == 0 ? null : claimed.All(c => Math.Abs(c.Auroc.Value - 0.5) <= PrintedMargin),
            string.Join("; ", claimed.Select(c => $"{c.Name} {c.Auroc}")));
        return study.Behaviour.WithoutMissing(Decision.All(decisions));
    }

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var answers = ClaimScenarios.Answers;
        yield return Planted(Supported, "probabilities that know nothing, 4,800 questions", answers with { Images = 400 });
        yield return Planted(Refuted, "probabilities that know", answers with { Confidence = 1.5 });
        yield return Planted(Inconclusive, "probabilities that know nothing, 240 questions", answers with { Images = 20 });
        yield return Planted(NotRun, "a log-probability of −∞", answers with { Images = 30 }, trace => ClaimScenarios.Spoil(trace, spoilProbability: true));
    }
}

/// <summary>confidence-baselines in a study: AUROC of each signal, rows compared within a kind.</summary>
public sealed class ConfidenceEstimates(StudyResult study) : ClaimEstimates<ConfidenceBaselines>(study)
{
    /// <summary>Of the first token's entropy ("logit entropy").</summary>
    public StudyEstimate FirstTokenEntropy => Row("auroc_first_token_entropy", "within-kind");

    /// <summary>Of the largest first-token probability.</summary>
    public StudyEstimate FirstTokenProbability => Row("auroc_first_token_probability", "within-kind");

    /// <summary>Of the largest minus the second largest; no part of the claim.</summary>
    public StudyEstimate FirstTokenMargin => Row("auroc_first_token_margin", "within-kind");

    /// <summary>Of P_tok with the end token.</summary>
    public StudyEstimate PTok => Row("auroc_p_tok", "within-kind");

    /// <summary>Of P_tok without it.</summary>
    public StudyEstimate PTokWithoutEnd => Row("auroc_p_tok_without_end", "within-kind");

    /// <summary>The four that the claim is about.</summary>
    public IEnumerable<StudyEstimate> Claimed => [FirstTokenEntropy, FirstTokenProbability, PTok, PTokWithoutEnd];

    /// <summary>Share of right answers, all kinds.</summary>
    public StudyEstimate Accuracy => Row("accuracy", "all");
}

/// <summary>Finds confidence-baselines in a study.</summary>
public static class ConfidenceOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="ConfidenceEstimates"/>
        public ConfidenceEstimates Confidence => new(study);
    }
}
