using Vrp.Harness.Claims;
using Vrp.Harness.Running;

namespace Vrp.Harness.Studying;

/// <summary>A study that has come to its end.</summary>
/// <param name="Folder">The run's folder, which holds metrics.json, verdicts.json, samples.jsonl, attention.safetensors and run.json.</param>
/// <param name="Result">What was found.</param>
/// <param name="Trace">The trace stage.</param>
/// <param name="Interventions">The intervention stage; null where it did not run.</param>
/// <param name="WithoutInterventions">Why it did not run; null where it did.</param>
/// <param name="JudgingSeconds">Time of the analysis.</param>
public sealed record FinishedStudy(string Folder, StudyResult Result, StageResult Trace, StageResult? Interventions, string? WithoutInterventions, double JudgingSeconds);
