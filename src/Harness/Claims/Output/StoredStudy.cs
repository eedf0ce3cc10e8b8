namespace Vrp.Harness.Claims.Output;

/// <summary>A study read back from its run folder.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Subject">The model.</param>
/// <param name="Family">Its model_type.</param>
/// <param name="Layers">Its decoder layers.</param>
/// <param name="Data">The data set.</param>
/// <param name="Estimates">Rows of metrics.json.</param>
/// <param name="Verdicts">Of verdicts.json.</param>
/// <param name="Samples">Lines of samples.jsonl.</param>
public sealed record StoredStudy(string Folder, string Subject, string Family, int Layers, string Data, IReadOnlyList<StudyEstimate> Estimates,
    IReadOnlyList<StoredVerdict> Verdicts, IReadOnlyList<StudySample> Samples)
{
    /// <summary>The family as the study has it.</summary>
    public ModelFamily ModelFamily => ModelFamilies.Parse(Family);
}

/// <summary>A verdict read back.</summary>
/// <param name="Claim">Id.</param>
/// <param name="Verdict">By the judged form.</param>
/// <param name="Reason">Why.</param>
/// <param name="WouldSettle">What would decide, or null.</param>
/// <param name="Published">The published form's outcome.</param>
/// <param name="Deciding">The rows that it stands on.</param>
/// <param name="Notes">Notes.</param>
public sealed record StoredVerdict(string Claim, Verdict Verdict, string Reason, string? WouldSettle, PublishedOutcome Published, IReadOnlyList<StudyEstimate> Deciding, IReadOnlyList<string> Notes);
