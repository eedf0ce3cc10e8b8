using Vrp.Harness.Claims;

namespace Vrp.Specs;

/// <summary>Finds a row of metrics.json.</summary>
static class EstimateSelection
{
    /// <summary>A null kind or layer matches any; a null arm only rows without one.</summary>
    /// <exception cref="MissingEstimateException">There is none: it could not be measured.</exception>
    public static StudyEstimate Select(this StudyResult study, string subject, string claim, string measure, string? kind, int? layer, string? arm) => study.Estimates.FirstOrDefault(row =>
            row.Claim == claim && row.Measure == measure && (kind is null || row.Kind == kind) && (layer is null || row.Layer == layer) && row.Arm == arm)
        ?? throw new MissingEstimateException($"{subject} has no {claim}/{measure}{(kind is null ? "" : $" [{kind}]")}{(layer is null ? "" : $" at layer {layer}")}{(arm is null ? "" : $" ({arm})")}; metrics.json in {study.Folder} lists what there is.");
}
