using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Planning;
using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Studying;

/// <summary>One study to make: a subject on a question set.</summary>
/// <param name="Subject">Its name in every result; null: the checkpoint's.</param>
/// <param name="Dataset">The questions.</param>
/// <param name="Folder">The run's folder: traces, interventions, and what the analysis writes.</param>
public sealed record StudyRequest(string? Subject, Dataset Dataset, string Folder)
{
    /// <summary>What the trace stage records.</summary>
    public TraceOptions Trace { get; init; } = new();

    /// <summary>How much the intervention stage does; null: it is left out, and what needs it is NotRun.</summary>
    public InterventionBudget? Budget { get; init; } = InterventionBudget.Full;

    /// <summary>How it does it.</summary>
    public InterventionOptions Interventions { get; init; } = new();

    /// <summary>The protocol of the analysis.</summary>
    public StudyOptions Protocol { get; init; } = new();
}
