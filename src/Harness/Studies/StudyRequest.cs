using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Planning;
using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Studies;

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

/// <summary>How far a study is.</summary>
/// <param name="Subject">Whose.</param>
/// <param name="Stage">Which part.</param>
/// <param name="Done">Questions or claims finished; those of earlier runs included.</param>
/// <param name="Total">Of how many.</param>
/// <param name="What">For <see cref="StudyStage.Judge"/> the claim being judged.</param>
public readonly record struct StudyProgress(string Subject, StudyStage Stage, int Done, int Total, string? What = null)
{
    /// <summary>"traced", "intervened" …: what is counted.</summary>
    public string Verb => Stage switch
    {
        StudyStage.Trace => "traced",
        StudyStage.Plan => "planned",
        StudyStage.Intervene => "intervened",
        _ => "judged",
    };
}

/// <summary>The parts of a study, in their order.</summary>
public enum StudyStage
{
    /// <summary>What the model shows.</summary>
    Trace,

    /// <summary>Choosing layers, units and masks from the trace.</summary>
    Plan,

    /// <summary>What it answers when changed.</summary>
    Intervene,

    /// <summary>Fourteen claims judged.</summary>
    Judge,
}
