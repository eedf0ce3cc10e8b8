using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>A claim's estimates in a study, found by members instead of by names: <c>study.Probe.Auroc</c>. Each claim's file has its own.</summary>
/// <typeparam name="TClaim">The claim.</typeparam>
public abstract class ClaimEstimates<TClaim>(StudyResult study) where TClaim : Claim
{
    static string Id => ClaimRegistry.Get<TClaim>().Id;

    /// <summary>What became of the claim.</summary>
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
