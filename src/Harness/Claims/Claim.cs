using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Running;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims;

/// <summary>One published claim as an executable thing: what the study states and printed, what decides here, with which thresholds, and made-up traces that
/// lead to each verdict. A claim is one file beside this one, and a line of <see cref="ClaimRegistry"/>. docs/claims.md is written from them.</summary>
public abstract class Claim
{
    // Sentences that several claims share.
    private protected const string HeldOut = "fitted on half of the images (everything chosen there by grouped inner folds), scored once on the other half",
        WithinKind = "rows are compared within a question kind only and pooled over kinds, so that telling easy kinds from hard ones counts for nothing",
        Duplicates = "The study's development files hold 27 records per question: rows that repeat (image, question) are an error, and every split and "
            + "resampling keeps an image whole.",
        OneProtocol = "The study switched off random units in two families and the top five in the third: one protocol for all families here.",
        Enough = "at least 1,000 scored questions (descriptions left out) or all that the set has, 20 random draws at the last position, 5 at all positions";

    /// <summary>POPE's questions, which the probe is fitted and judged on.</summary>
    private protected const string PopeKind = "yes-no";

    /// <summary>The claim's name everywhere: metrics, ledger, specs.</summary>
    public abstract string Id { get; }

    /// <summary>The claim in a sentence.</summary>
    public abstract string Text { get; }

    /// <summary>The study's printed figures.</summary>
    public abstract IReadOnlyList<PublishedFigure> Figures { get; }

    /// <summary>What the study asserts, as it is asserted here.</summary>
    public abstract string PublishedForm { get; }

    /// <summary>What decides the verdict.</summary>
    public abstract string JudgedForm { get; }

    /// <summary>Estimator, interval and protocol of the judged form.</summary>
    public abstract string Method { get; }

    /// <summary>When the verdict is Supported.</summary>
    public abstract string SupportedWhen { get; }

    /// <summary>When it is Refuted.</summary>
    public abstract string RefutedWhen { get; }

    /// <summary>When it is NotRun; otherwise it is Inconclusive.</summary>
    public abstract string NotRunWhen { get; }

    /// <summary>Holes in the published protocol that the judged form closes.</summary>
    public abstract IReadOnlyList<string> Traps { get; }

    /// <summary>Whether only several subjects together can be judged by it.</summary>
    public virtual bool IsOverSubjects => false;

    /// <summary>Measures what the claim needs (each estimate becomes a row of metrics.json), asserts the published form and decides the judged one.</summary>
    /// <exception cref="NotRunException">Something that it needs is missing.</exception>
    /// <exception cref="Statistics.StatisticsException">Something cannot be measured: NotRun too.</exception>
    internal abstract Decision Judge(ClaimRun run);

    /// <summary>At least one made-up truth for each verdict.</summary>
    internal abstract IEnumerable<ClaimScenario> Scenarios();

    /// <summary>The printed figure of a measure for a family, or null.</summary>
    public double? Published(string measure, ModelFamily family) => Figures.FirstOrDefault(figure => figure.Measure == measure)?.For(family);

    /// <inheritdoc/>
    public override string ToString() => Id;

    /// <summary>A threshold in a sentence.</summary>
    private protected static string Shown(double threshold) => NumberText.Number(threshold);

    /// <summary>A scenario of a made-up trace, with one thing broken where that is its point.</summary>
    private protected ClaimScenario Planted(Verdict expected, string truth, SyntheticTrace trace, Func<TraceSet, TraceSet>? spoil = null) =>
        new(Id, expected, truth,
        () => Study.Analyze((spoil ?? (same => same))(trace.Build()), null, ClaimScenarios.Options, only: [Id])[Id]);

    /// <summary>A scenario of a made-up trace and interventions on it.</summary>
    private protected ClaimScenario Ablated(Verdict expected, string truth, SyntheticTrace trace, SyntheticInterventions interventions) =>
        new(Id, expected, truth, () =>
    {
        var built = trace.Build();
        return Study.Analyze(built, interventions.Build(built, ClaimScenarios.Options), ClaimScenarios.Options, only: [Id])[Id];
    });
}
