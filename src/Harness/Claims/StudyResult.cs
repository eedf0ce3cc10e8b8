using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>Everything that one study found: what the analysis gives, what a run folder has, and what it reads back.</summary>
/// <param name="Subject">The model.</param>
/// <param name="Family">Its model_type.</param>
/// <param name="Layers">Its decoder layers.</param>
/// <param name="Data">The data set.</param>
/// <param name="Estimates">The rows of metrics.json, sorted.</param>
/// <param name="Verdicts">The claims of verdicts.json, in the study's order.</param>
/// <param name="Questions">The lines of samples.jsonl, in the data set's order.</param>
public sealed record StudyResult(string Subject, string Family, int Layers, string Data, IReadOnlyList<StudyEstimate> Estimates,
    IReadOnlyList<ClaimResult> Verdicts, IReadOnlyList<QuestionResult> Questions)
{
    /// <summary>The run folder that it lies in; empty for a study in memory alone.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Attention maps for the report. They are kept in a file of their own, which only the report reads back.</summary>
    public IReadOnlyList<QuestionMap> Maps { get; init; } = [];

    /// <summary>The family as the study has it.</summary>
    public ModelFamily ModelFamily => StudyFamilies.Parse(Family);

    /// <summary>What became of a claim.</summary>
    /// <exception cref="VrpException">The study did not judge it.</exception>
    public ClaimResult this[string claim] => Verdicts.FirstOrDefault(result => result.Claim == claim)
        ?? throw new VrpException($"{Subject} has no verdict on {claim}; it has {string.Join(", ", Verdicts.Select(result => result.Claim))}.");

    /// <summary>The first estimate that fits, or null; what is null here fits anything.</summary>
    public StudyEstimate? Find(string claim, string measure, string? kind = null, int? layer = null, string? arm = null) => Estimates.FirstOrDefault(row =>
        row.Claim == claim && row.Measure == measure && (kind is null || row.Kind == kind) && (layer is null || row.Layer == layer)
            && (arm is null || row.Arm == arm));
}
