using Vrp.Harness.Intervening;
using Vrp.Harness.Running;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Studying;

/// <summary>A study whose stages have run: the model is no longer needed.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Trace">What the model showed.</param>
/// <param name="Interventions">What it answered when changed; null where that stage did not run.</param>
/// <param name="Traced">The trace stage.</param>
/// <param name="Intervened">The intervention stage; null where it did not run.</param>
/// <param name="WithoutInterventions">Why not.</param>
public sealed record PreparedStudy(StudyRequest Request, TraceSet Trace, InterventionSet? Interventions, StageResult Traced, StageResult? Intervened, string? WithoutInterventions);
