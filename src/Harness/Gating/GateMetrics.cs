using Vrp.Harness.Datasets;
using Vrp.Models;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Gating;

/// <summary>The gate's metrics, in the order in which they are shown. docs/statistics.md prints this table (a test holds the two together).</summary>
public static class GateMetrics
{
    const string Kind = "a kind that collapses must not hide in the average; it has fewer rows than the whole, hence the wider margin, and few rows must not "
        + "block, hence guarding";

    const string Ranking = "a better model makes fewer and other errors, which its signal may rank worse: 0.05 is the study's own margin for an AUROC, and a "
        + "loss does not stop a candidate that is "
        + "shown to err less among the answers that the signal lets through (risk at 80 %)";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<GateMetric> All { get; } =
    [
        new("accuracy", "share of right answers, all kinds; unparsed is wrong", 0.02, GateRole.Required,
            "the one metric whose better direction nobody doubts; two points are what 3,000 questions about 500 images can show when a tenth of the answers "
                + "differ"),
        .. QuestionKinds.Names.Select(kind => new GateMetric(OfKind(kind), $"share of right answers, {kind}", 0.05, GateRole.Guarding, Kind)),
        new("unparsed_share", "share of answers that do not parse; lower is better", 0.02, GateRole.Guarding,
            "already counted as wrong in accuracy; beside it so that a broken format shows as one"),
        new("probe_auroc", "AUROC of the hidden-state probe, yes/no questions held out by both runs", 0.05, GateRole.Guarding, Ranking),
        new("probe_risk_at_80", "share wrong among the 80 % that the probe is surest of; lower is better", 0.02, GateRole.Guarding,
            "what a monitor lets through: the two points of accuracy, after abstention"),
        new("s_sc_auroc", "AUROC of self-consistency, within kinds", 0.05, GateRole.Guarding, Ranking),
        new("s_sc_precision", "share right among answers with S_SC = 1", 0.03, GateRole.Guarding,
            "unanimous answers are the ones that are trusted; half as many rows as accuracy, hence a little wider"),
        new("confidence_auroc", "AUROC of the first token's probability, within kinds", 0.05, GateRole.Guarding, Ranking),
        new("confidence_risk_at_80", "share wrong among the 80 % with the most probable first token; lower is better", 0.02, GateRole.Guarding,
            "as probe_risk_at_80, for every question"),
        new("brier", "Brier score of the first token's probability; lower is better", 0.02, GateRole.Guarding,
            "proper, so that it cannot be won by being vague; 0.02 is the effect of two points of accuracy on a sure model"),
        new("ece", "expected calibration error, 10 bins; lower is better", 0.03, GateRole.Reported, "biased by its bins: brier decides"),
        new("ablation_excess_all", "accuracy lost to the probe's top units beyond random ones, all positions; positive difference: less fragile", 0.05,
            GateRole.Guarding, "the study's own bottleneck of five points"),
        new("ablation_excess_last", "the same at the last position", 0.05, GateRole.Guarding, "the study's own bottleneck of five points"),
        new("attention_r_pb", "R_pb of attention entropy and right answers; neither direction is worse", 0.1, GateRole.Reported,
            "the claims about attention judge it; a change of it is no loss"),
    ];

    /// <summary>Name of a kind's accuracy.</summary>
    public static string OfKind(string kind) => $"accuracy_{kind.Replace('-', '_')}";

    /// <summary>The metric of a name.</summary>
    /// <param name="name">As in <see cref="All"/>.</param>
    /// <param name="where">Where it was written, for the message.</param>
    /// <exception cref="VrpException">There is none: with the nearest name.</exception>
    public static GateMetric Get(string name, string where) => All.FirstOrDefault(metric => metric.Name == name)
        ?? throw new VrpException($"{where}: there is no metric "
            + $"'{name}'.{(NearNames.Closest(name, All.Select(metric => metric.Name)) is { } near ? $" Did you mean '{near}'?" : "")} "
            + $"Metrics: {string.Join(", ", All.Select(metric => metric.Name))}.");
}

/// <summary>A metric that the gate knows.</summary>
/// <param name="Name">Its name in the margins and roles.</param>
/// <param name="What">In words, with unit and direction.</param>
/// <param name="Margin">Default: the largest loss that counts as none, in the metric's unit.</param>
/// <param name="Role">Default.</param>
/// <param name="Why">Why this margin and this role.</param>
public sealed record GateMetric(string Name, string What, double Margin, GateRole Role, string Why);

/// <summary>What a metric may decide.</summary>
public enum GateRole
{
    /// <summary>Has to be shown non-inferior: a regression stops the candidate (exit 1), and undecided or missing it cannot be judged (exit 3).</summary>
    Required,

    /// <summary>A regression stops the candidate (exit 1); undecided it is reported. Missing for the candidate where the baseline has it: exit 3.</summary>
    Guarding,

    /// <summary>Shown, and decides nothing.</summary>
    Reported,
}
