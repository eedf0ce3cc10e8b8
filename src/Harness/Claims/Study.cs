using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;
using Vrp.Harness.Storage;
using Vrp.Harness.Tracing;
using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>The analysis: from what a model showed to fourteen verdicts. Pure code over arrays: no torch, no files, the same bytes every time.</summary>
public static class Study
{
    /// <summary>Judges every claim.</summary>
    /// <param name="trace">What the model showed.</param>
    /// <param name="interventions">What it answered when changed; null where that stage has not run.</param>
    /// <param name="options">The protocol.</param>
    /// <param name="progress">Called with each claim before it is judged.</param>
    /// <param name="only">Ids of the claims to judge; null = all.</param>
    /// <param name="keep">Keeps null distributions; null = computed every time.</param>
    /// <param name="judged">Called with each claim's result as soon as it is known, in no fixed order.</param>
    /// <exception cref="DuplicateRowException">A question about an image, or an id, that occurs twice.</exception>
    /// <exception cref="GroupLeakException">An image on both sides of a split, or ablated and chosen on.</exception>
    /// <exception cref="VrpException">An unknown family or claim, or interventions on another trace.</exception>
    public static StudyResult Analyze(TraceSet trace, InterventionSet? interventions = null, StudyOptions? options = null, Action<Claim>? progress = null,
        IReadOnlyCollection<string>? only = null,
        KeepSimulation? keep = null, Action<ClaimResult>? judged = null)
    {
        var study = new StudyContext(trace, interventions, options ?? new StudyOptions(), keep);
        IReadOnlyList<Claim> claims = only is null ? ClaimRegistry.All : [.. only.Select(ClaimRegistry.Get)];
        var reporting = new Lock();
        // Side by side: much of a claim's judging is one thread's work. What claims share is computed by whichever asks first, and the order of the output is
        // the study's.
        var results = Workers.Map(claims, claim =>
        {
            lock (reporting) progress?.Invoke(claim);
            var run = new ClaimRun(claim, study);
            var result = Judge(run);
            lock (reporting) judged?.Invoke(result);
            return (Result: result, run.Rows);
        });
        var estimates = results.SelectMany(result => result.Rows).ToList();

        estimates.Sort();
        foreach (var (before, after) in estimates.Zip(estimates.Skip(1)))
            if (before.CompareTo(after) == 0) throw new InvalidOperationException($"two rows of metrics are named alike: {before} and {after}.");
        return new StudyResult(trace.Facts.Subject, trace.Facts.Family, trace.Facts.Layers, trace.Facts.Data, estimates,
            [.. results.Select(result => result.Result)],
            QuestionResults.Of(study)) { Maps = QuestionResults.Maps(study) };
    }

    static ClaimResult Judge(ClaimRun run)
    {
        var decision = Decision.OrNotRun(() => run.Claim.Judge(run));
        var published = run.Outcome ?? new PublishedOutcome(run.Claim.PublishedForm, null, $"not computed: {decision.Reason}");
        return new ClaimResult(run.Claim.Id, decision.Verdict, decision.Reason, decision.WouldSettle, published, run.Claim.JudgedForm, run.Deciding, run.Notes);
    }
}
