using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Running;
using Vrp.Harness.Tracing;
using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>One published claim, executable: what the study states and printed, what decides here, with which thresholds, and made-up traces that lead to each
/// verdict. A claim is one file beside this one, and a line of <see cref="ClaimRegistry"/>. docs/claims.md is written from them.</summary>
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

/// <summary>A claim's estimates in a study, found by members instead of by names: <c>study.Probe.Auroc</c>. Each claim's file has its own.</summary>
/// <typeparam name="TClaim">The claim.</typeparam>
public abstract class ClaimEstimates<TClaim>(StudyResult study) where TClaim : Claim
{
    static string Id => ClaimRegistry.Get<TClaim>().Id;

    /// <summary>The claim's result.</summary>
    public ClaimResult Result => study[Id];

    /// <summary>The study.</summary>
    protected StudyResult Study => study;

    /// <summary>An estimate. A null kind or layer matches any; a null arm only rows without one.</summary>
    /// <exception cref="MissingEstimateException">There is none: it could not be measured.</exception>
    protected StudyEstimate Row(string measure, string? kind = null, int? layer = null, string? arm = null) => Find(measure, kind, layer, arm)
        ?? throw Missing($"{measure}{(kind is null ? "" : $" [{kind}]")}{(layer is null ? "" : $" at layer {layer}")}{(arm is null ? "" : $" ({arm})")}");

    /// <summary>The same, or null.</summary>
    protected StudyEstimate? Find(string measure, string? kind = null, int? layer = null, string? arm = null) => Rows(measure).FirstOrDefault(row =>
        (kind is null || row.Kind == kind) && (layer is null || row.Layer == layer) && row.Arm == arm);

    /// <summary>All estimates of a measure.</summary>
    protected IEnumerable<StudyEstimate> Rows(string measure) => study.Estimates.Where(row => row.Claim == Id && row.Measure == measure);

    /// <summary>The error of an estimate that is not there.</summary>
    protected MissingEstimateException Missing(string what) =>
        new($"{study.Subject} has no {Id}/{what}; metrics.json{(study.Folder.Length > 0 ? $" in {study.Folder}" : "")} lists what there is.");
}

/// <summary>A spec asks for an estimate that the run does not have. It never becomes a number, and fails the sentence that needs it.</summary>
public sealed class MissingEstimateException(string message) : VrpException(message);

/// <summary>One row of the study's tables: a figure per family, null where none is printed.</summary>
/// <param name="Measure">The measure's name in metrics.json, so that ours can be shown next to it.</param>
/// <param name="What">What it is, with its unit.</param>
/// <param name="Llava">LLaVA-1.5-7B.</param>
/// <param name="PaliGemma">PaliGemma-3B.</param>
/// <param name="Qwen2VL">Qwen2-VL-7B-Instruct.</param>
/// <param name="Note">Interval, layer, or what else is printed with it.</param>
public sealed record PublishedFigure(string Measure, string What, double? Llava, double? PaliGemma, double? Qwen2VL, string? Note = null)
{
    /// <summary>The row of metrics.json that is shown next to it, where it is not <see cref="Measure"/>.</summary>
    public string? Row { get; init; }

    /// <summary>The claim of that row, where it is another.</summary>
    public string? RowClaim { get; init; }

    /// <summary>Kind of that row; null = any.</summary>
    public string? Kind { get; init; }

    /// <summary>Arm of that row; null = the one without.</summary>
    public string? Arm { get; init; }

    /// <summary>Layer in the study's numbering; ours is the one at the same depth.</summary>
    public int? StudyLayer { get; init; }

    /// <summary>What ours is multiplied by to have the printed unit.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Our row for the figure, or null.</summary>
    public StudyEstimate? Ours(Claim claim, IEnumerable<StudyEstimate> estimates, ModelFamily family, int layers) => estimates.FirstOrDefault(row =>
        row.Claim == (RowClaim ?? claim.Id) && row.Measure == (Row ?? Measure) && (Kind is null || row.Kind == Kind) && row.Arm == Arm
        && (StudyLayer is not { } layer || row.Layer == family.Map(Math.Min(layer, family.StudyLayers() - 1), layers)));

    /// <summary>One figure for all families.</summary>
    public static PublishedFigure Pooled(string measure, string what, double value, string? note = null) => new(measure, what, value, value, value, note);

    /// <summary>The figure of a family, or null.</summary>
    public double? For(ModelFamily family) => family switch
    {
        ModelFamily.Llava => Llava,
        ModelFamily.PaliGemma => PaliGemma,
        ModelFamily.Other => null,
        _ => Qwen2VL,
    };
}
