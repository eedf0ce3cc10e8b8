using Vrp.Harness.Claims;
using Vrp.Harness.Statistics;
using Vrp.Models;

namespace Vrp.Harness.Gating;

/// <summary>Holds a candidate against a baseline. A pure function over two stored runs: nothing is run again, and nothing is drawn that a seed does not
/// fix.</summary>
public static class Gate
{
    /// <summary>Compares two runs on the same data.</summary>
    /// <param name="baseline">The model in use.</param>
    /// <param name="candidate">The model that should replace it.</param>
    /// <param name="options">Margins, roles, expected verdicts; null: the documented defaults.</param>
    /// <returns>Regression before ClaimBroken before CouldNotJudge before Pass, with the reasons.</returns>
    /// <exception cref="VrpException">Runs that cannot be paired (other data, other questions under the same id), a measure that is not finite, an unknown
    /// metric in the options.</exception>
    public static GateResult Compare(StudyResult baseline, StudyResult candidate, GateOptions? options = null)
    {
        options ??= new GateOptions();
        options.Validate();
        var pairs = PairedStudies.Of(baseline, candidate);
        var drafts = new GateMeasures(pairs, options).All();
        var metrics = GateJudge.Judge(drafts, options);
        var changes = Changes(baseline, candidate, options);
        var (outcome, reasons) = Decide(pairs, drafts, metrics, changes, options);
        return new GateResult(baseline.Subject, candidate.Subject, baseline.Data, pairs.Rows.Count, pairs.Groups?.Count ?? 0, metrics, Flips(pairs), changes,
            outcome, reasons);
    }

    /// <summary>A run's own value of every metric, in the catalogue's order: what a gate of the run against itself has on both sides. Null where it was not
    /// measured. A gate's columns can differ a little, since they are pooled with one set of weights for two runs.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">Level, draws, seed, fewest rows; null: the documented defaults.</param>
    /// <exception cref="VrpException">A measure that is not finite, an unknown metric in the options.</exception>
    public static IReadOnlyList<(GateMetric Metric, Estimate? Value)> Values(StudyResult run, GateOptions? options = null)
    {
        options ??= new GateOptions();
        options.Validate();
        return [.. new GateMeasures(PairedStudies.Of(run, run), options).All().Select(draft => (draft.Metric, draft.Missing is null ? draft.Baseline : null))];
    }

    static (GateOutcome, IReadOnlyList<string>) Decide(PairedStudies pairs, IReadOnlyList<MetricMeasurement> drafts, IReadOnlyList<MetricResult> metrics,
        IReadOnlyList<VerdictChange> changes, GateOptions options)
    {
        string[] regressions = [.. metrics.Where(metric => metric is { Role: not GateRole.Reported, Outcome: MetricOutcome.Regressed })
            .Select(metric => metric.Reason)];
        string[] broken = [.. changes.Where(change => change.Breaks)
            .Select(change => $"claim {change.Claim} was {change.Before} and is {change.After}: {change.Reason}")];
        var open = new List<string>();
        if (pairs.Rows.Count == 0) open.Add("the two runs have no judged question in common.");
        if (!options.CommonOnly) open.AddRange(pairs.Incomplete.Select(what =>
            $"{what}. Run both on the whole set, or judge by the common questions (common only)."));
        open.AddRange(metrics.Where(metric => metric is { Role: GateRole.Required, Outcome: MetricOutcome.Undecided or MetricOutcome.NotMeasured })
            .Select(metric => metric.Reason));
        open.AddRange(metrics.Zip(drafts).Where(pair => pair.First.Role == GateRole.Guarding && pair.Second.Lost).Select(pair => pair.First.Reason));
        open.AddRange(changes.Where(change => change is { Before: Verdict.Supported or Verdict.Refuted, After: Verdict.NotRun, Expected: false })
            .Select(change => $"claim {change.Claim} was {change.Before} and is no longer judged: {change.Reason}"));

        var outcome = regressions.Length > 0 ? GateOutcome.Regression : broken.Length > 0 ? GateOutcome.ClaimBroken : open.Count > 0
            ? GateOutcome.CouldNotJudge : GateOutcome.Pass;
        if (outcome != GateOutcome.Pass) return (outcome, [.. regressions, .. broken, .. open]);
        var left = options.CommonOnly ? pairs.Incomplete.Select(what => $"{what}; judged by the common ones.") : [];
        return (outcome, [.. left,
            .. metrics.Where(metric => metric is { Role: not GateRole.Reported, Outcome: MetricOutcome.NonInferior }).Select(metric => metric.Reason)]);
    }

    /// <summary>In the catalogue's order; a claim that the candidate's run does not hold counts as NotRun.</summary>
    static IReadOnlyList<VerdictChange> Changes(StudyResult baseline, StudyResult candidate, GateOptions options)
    {
        static ClaimResult? Of(StudyResult study, Claim claim) => study.Verdicts.FirstOrDefault(verdict => verdict.Claim == claim.Id);
        return [.. from claim in ClaimRegistry.All
                   let before = Of(baseline, claim)
                   let after = Of(candidate, claim)
                   let found = after?.Verdict ?? Verdict.NotRun
                   where before is not null && before.Verdict != found
                   select new VerdictChange(claim.Id, before.Verdict, found, after?.Reason ?? "the candidate's run does not judge it.",
                       options.Expected.TryGetValue(claim.Id, out var expected) && expected == found)];
    }

    /// <summary>Lost ones first; in each the answers that the wrong model was surest of, then by the baseline's order.</summary>
    static IReadOnlyList<Flip> Flips(PairedStudies pairs)
    {
        static double Sureness(Flip flip) => (flip.Lost ? flip.Candidate : flip.Baseline).Scores.TryGetValue("first_token_probability", out var p) ? p
            : double.NegativeInfinity;
        return [.. pairs.Rows.Where(row => row.Baseline.IsCorrect != row.Candidate.IsCorrect)
            .Select(row => new Flip(row.Baseline, row.Candidate))
            .OrderBy(flip => flip.Lost ? 0 : 1).ThenByDescending(Sureness)];
    }
}
