using Vrp.Harness.Claims;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Reporting;

/// <summary>ROC, risk-coverage and reliability, from the scores in samples.jsonl and the statistics that judge.</summary>
static class SignalCurves
{
    /// <summary>The kind on which the study fits its probe.</summary>
    const string PopeKind = "yes-no";

    // Signal, the claim and measure of the AUROC that metrics.json has for it, and that row's arm.
    static readonly (string Signal, string Claim, string Measure, string? Arm)[] ranked =
    [
        ("probe", "hidden-state-probe", "auroc", "l2"), ("fusion", "fusion", "auroc", "fusion"), ("self_consistency", "self-consistency", "auroc", "s_sc"),
        ("first_token_probability", "confidence-baselines", "auroc_first_token_probability", null),
        ("first_token_entropy", "confidence-baselines", "auroc_first_token_entropy", null),
        ("first_token_margin", "confidence-baselines", "auroc_first_token_margin", null),
        ("p_tok", "confidence-baselines", "auroc_p_tok", null), ("p_tok_without_end", "confidence-baselines", "auroc_p_tok_without_end", null),
    ];

    /// <summary>The kind that curves are drawn for: yes/no questions, or the commonest where there are none.</summary>
    public static string? Kind(StudyResult study) => Judged(study).Any(question => question.Kind == PopeKind) ? PopeKind
        : Judged(study).GroupBy(question => question.Kind).OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key, StringComparer.Ordinal)
            .FirstOrDefault()?.Key;

    /// <summary>ROC curves on that kind. Fitted signals (probe, fusion) have scores on the scored half only; the others are not fitted and stand on all rows,
    /// as their estimates do.</summary>
    public static IEnumerable<SignalCurve> Roc(StudyResult study)
    {
        if (Kind(study) is not { } kind) yield break;
        foreach (var (signal, claim, measure, arm) in ranked)
        {
            var rows = Judged(study).Where(question => question.Kind == kind && question.Scores.ContainsKey(signal)).ToArray();
            if (rows.Length == 0 || rows.All(Correct) || !rows.Any(Correct)) continue;
            var curve = RocCurve.Compute([.. rows.Select(Correct)], [.. rows.Select(question => question.Scores[signal])]);
            var kept = SignalCurve.Thin(curve.Thresholds.Length);
            var (x, y) = (curve.FalsePositiveRate, curve.TruePositiveRate);
            yield return new SignalCurve(signal, $"{kind} questions{(signal is "probe" or "fusion" ? " of the scored half" : "")}", rows.Length,
                [.. kept.Select(i => x[i])], [.. kept.Select(i => y[i])], SignalCurve.Auroc(curve),
                study.Estimates.FirstOrDefault(row => row.Claim == claim && row.Measure == measure && row.Arm == arm && row.Kind == kind
                    && row.Estimate.HasInterval));
        }
    }

    /// <summary>Risk-coverage curves, all on the same rows: the scored half of that kind where there is a probe, else all of that kind.</summary>
    public static IEnumerable<SignalCurve> RiskCoverages(StudyResult study)
    {
        if (Kind(study) is not { } kind) yield break;
        var all = Judged(study).Where(question => question.Kind == kind).ToArray();
        var probed = all.Where(question => question.Scores.ContainsKey("probe")).ToArray();
        var rows = probed.Length > 0 ? probed : all;
        foreach (var signal in new[] { "probe", "fusion", "self_consistency", "first_token_probability", "p_tok" })
        {
            if (rows.Length == 0 || !rows.All(question => question.Scores.ContainsKey(signal))) continue;
            var curve = RiskCoverage.Compute([.. rows.Select(Correct)], [.. rows.Select(question => question.Scores[signal])]);
            var kept = SignalCurve.Thin(curve.Risk.Length);
            yield return new SignalCurve(signal, $"{kind} questions{(probed.Length > 0 ? " of the scored half" : "")}", rows.Length,
                [.. kept.Select(k => (k + 1.0) / curve.Risk.Length)], [.. kept.Select(k => curve.Risk[k])], curve.Area, null);
        }
    }

    /// <summary>Reliability diagram of the first token's probability, on all judged rows, as the Brier score and the calibration error beside it are.</summary>
    public static IReadOnlyList<ReliabilityBin> Reliability(StudyResult study)
    {
        var rows = Judged(study).Where(question => question.Scores.ContainsKey("first_token_probability")).ToArray();
        return rows.Length == 0 ? [] : Calibration.Diagram([.. rows.Select(Correct)], [.. rows.Select(question => question.Scores["first_token_probability"])]);
    }

    static IEnumerable<QuestionResult> Judged(StudyResult study) => study.Questions.Where(question => question.IsJudged);

    static bool Correct(QuestionResult question) => question.IsCorrect;
}
