using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims;

/// <summary>Everything that one study found.</summary>
/// <param name="Facts">Subject, family, data set, sizes.</param>
/// <param name="Options">The protocol used.</param>
/// <param name="Claims">In the catalogue's order.</param>
/// <param name="Estimates">The rows of metrics.json, sorted.</param>
/// <param name="Samples">The lines of samples.jsonl, in the data set's order.</param>
/// <param name="Maps">M by sample, null where attention could not be summarised.</param>
public sealed record StudyResult(TraceFacts Facts, StudyOptions Options, IReadOnlyList<ClaimResult> Claims, IReadOnlyList<StudyEstimate> Estimates,
    IReadOnlyList<StudySample> Samples, IReadOnlyList<SampleMap> Maps)
{
    /// <summary>A claim's result.</summary>
    public ClaimResult this[string claim] => Claims.First(result => result.Claim.Id == claim);

    /// <summary>The estimate of a row, or null.</summary>
    public StudyEstimate? Find(string claim, string measure, string? kind = null, int? layer = null, string? arm = null) => Estimates.FirstOrDefault(row =>
        row.Claim == claim && row.Measure == measure && (kind is null || row.Kind == kind) && (layer is null || row.Layer == layer) && (arm is null || row.Arm == arm));
}
