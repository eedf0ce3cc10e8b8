using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Comparing;

/// <summary>architecture-split: the excess of top over random units, late minus early, on the same questions.</summary>
static class ArchitectureSplit
{
    public static (ClaimResult Result, IReadOnlyList<StudyEstimate> Deciding) Judge(IReadOnlyList<StudyResult> studies, StudyOptions options)
    {
        var claim = ClaimCatalogue.ArchitectureSplit;
        var (deciding, notes) = (new List<StudyEstimate>(), new List<string> { $"\"late\" and \"early\" are the study's names for the families; {studies.Count} checkpoints are {studies.Count} points, and a difference between them is not yet an effect of fusion." });
        Decision decision;
        try
        {
            decision = Decide(studies, options, deciding);
        }
        catch (NotRunException error)
        {
            decision = new Decision(Verdict.NotRun, error.Message, error.Settle);
        }
        catch (StatisticsException error) when (error is not (DuplicateSampleException or GroupLeakException))
        {
            decision = new Decision(Verdict.NotRun, error.Message);
        }

        return (new ClaimResult(claim.Id, decision.Verdict, decision.Reason, decision.WouldSettle, Published(studies, claim), claim.JudgedForm, deciding, notes), deciding);
    }

    /// <summary>Each late subject with each early one.</summary>
    public static IEnumerable<(StudyResult Late, StudyResult Early)> Pairs(IReadOnlyList<StudyResult> studies) =>
        from late in studies where late.ModelFamily.Fusion() == "late" from early in studies where early.ModelFamily.Fusion() == "early" select (late, early);

    static Decision Decide(IReadOnlyList<StudyResult> studies, StudyOptions options, List<StudyEstimate> deciding)
    {
        var pairs = Pairs(studies).ToArray();
        if (pairs.Length == 0)
            throw new NotRunException($"{string.Join(", ", studies.Select(study => study.Family))}: at least one late-fusion (llava) and one early-fusion subject (paligemma, qwen2_vl) are needed.", "a run folder of the other side");
        var decisions = new List<Decision>();
        foreach (var (late, early) in pairs)
        {
            foreach (var study in new[] { late, early })
                if (study.Verdicts.FirstOrDefault(verdict => verdict.Claim == "neuron-ablation") is not { Verdict: not Verdict.NotRun })
                    throw new NotRunException($"{study.Subject} has no ablation to compare: {study.Verdicts.FirstOrDefault(verdict => verdict.Claim == "neuron-ablation")?.Reason}", "`vrp study` with --budget full");
            if (late.Data != early.Data) throw new NotRunException($"{late.Subject} answered {late.Data}, {early.Subject} {early.Data}: dose curves compare on the same questions only.", "the same --data for all subjects");
            // At all positions as the study did, where both were run so.
            var positions = new[] { "all", "last" }.FirstOrDefault(name => new[] { late, early }.All(study => study.Samples.Any(sample => sample.Excess.ContainsKey(name))))
                ?? throw new NotRunException($"{late.Subject} and {early.Subject} have no dose of at most 5 % of the layer in common.", "`vrp study` with --budget full");
            var ofEarly = early.Samples.Where(sample => sample.Excess.ContainsKey(positions)).ToDictionary(sample => sample.Id, sample => sample.Excess[positions]);
            var common = late.Samples.Where(sample => sample.Excess.ContainsKey(positions) && ofEarly.ContainsKey(sample.Id)).ToArray();
            if (common.Length < options.MinimumCell) throw new NotRunException($"{late.Subject} and {early.Subject} have {common.Length} ablated questions in common, fewer than {options.MinimumCell}.", "the same --seed for both studies");
            var estimate = PairedDifference.Interval([.. common.Select(sample => Math.Round(sample.Excess[positions] - ofEarly[sample.Id], 12))],
                [.. common.Select(sample => sample.IsCorrect ? 1.0 : 0)], Groups.From(common.Select(sample => sample.Group)), options.Level);
            deciding.Add(new StudyEstimate("architecture-split", "excess_difference", "all", null, $"{late.Subject} - {early.Subject}: {positions}", estimate));
            decisions.Add(Decision.Below($"excess loss by top units, {late.Subject} (late) minus {early.Subject} (early)", estimate, -options.AccuracyMargin));
        }

        return Decision.All(decisions);
    }

    static PublishedOutcome Published(IReadOnlyList<StudyResult> studies, Claim claim)
    {
        double? Of(StudyResult study, string from, string measure)
        {
            var depth = study.ModelFamily.Map(study.ModelFamily.StudyAblationLayer(), study.Layers);
            return study.Estimates.FirstOrDefault(row => row.Claim == from && row.Measure == measure && row.Layer == depth && row.Arm?.StartsWith("zero-all", StringComparison.Ordinal) == true)?.Estimate.Value;
        }

        double?[] late = [.. studies.Where(study => study.ModelFamily.Fusion() == "late").Select(study => Of(study, "neuron-ablation", "top5_loss"))];
        double?[] early = [.. studies.Where(study => study.ModelFamily.Fusion() == "early").Select(study => Of(study, "layer-destruction", "random_half"))];
        if (late.Length == 0 || early.Length == 0 || late.Concat(early).Any(value => value is null)) return new PublishedOutcome(claim.PublishedForm, null, "not computed: both sides' ablations are needed");
        string Show(double?[] values) => string.Join(", ", values.Select(value => Decision.Number(value!.Value)));
        return new PublishedOutcome(claim.PublishedForm, late.All(value => value <= -0.05) && early.All(value => value >= -0.01), $"late: top 5 {Show(late)}; early: random half {Show(early)}");
    }
}
