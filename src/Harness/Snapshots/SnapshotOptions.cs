using Vrp.Harness.Running;

namespace Vrp.Harness.Snapshots;

/// <summary>How a snapshot is checked.</summary>
public sealed record SnapshotOptions
{
    /// <summary>Numerics profile of this run, and how far figures may move.</summary>
    public required SnapshotRules Rules { get; init; }

    /// <summary>The subject's answers of this run: a failing check then names the questions that moved. Null: it does not.</summary>
    public LabelSnapshot? Samples { get; init; }

    /// <summary>Whether this is a CI run: nothing can be accepted there, and the texts say what to do instead.</summary>
    public bool ContinuousIntegration { get; init; } = InContinuousIntegration(Environment.GetEnvironmentVariable("CI"));

    /// <summary>The convention of GitHub, GitLab and others: the variable CI is set, and not to false or 0.</summary>
    public static bool InContinuousIntegration(string? variable) => !string.IsNullOrWhiteSpace(variable)
        && variable.Trim() is var value && !value.Equals("false", StringComparison.OrdinalIgnoreCase) && value != "0";
}

/// <summary>What a snapshot is held to.</summary>
/// <param name="Profile">Numerics profile of this run (<see cref="SnapshotProfile.Of"/>): it picks the floors.</param>
/// <param name="Tolerances">Share and floors.</param>
public sealed record SnapshotRules(string Profile, SnapshotTolerances Tolerances);

/// <summary>How a snapshot differs from its verified text.</summary>
/// <param name="Lines">What fails, a line each; empty when the two are the same within what is allowed.</param>
/// <param name="Notes">Differences that do not fail: counts and choices that are not known to be stable.</param>
public sealed record SnapshotDifferences(IReadOnlyList<string> Lines, IReadOnlyList<string> Notes);

/// <summary>The name that tolerances go by: device and precision. Within one name, processors, thread counts and libtorch versions differ by what <c>vrp
/// noise</c> measured (<see cref="NumericsProfile"/> lists all facts; a trace is keyed by them).</summary>
public static class SnapshotProfile
{
    /// <summary>For example "cpu-float32" or "cuda-bfloat16", of names as the command line has them: "cuda:1" and "bf16" too.</summary>
    public static string Of(string device, string dtype) =>
        $"{device.Split(':')[0].ToLowerInvariant()}-{ComputePlace.Dtype(dtype.ToLowerInvariant())!.Value.ToString().ToLowerInvariant()}";

    /// <summary>What the arithmetic of a run was done with, from the facts of its trace: a GPU's name, or the CPU kernels and what was set for them, and
    /// libtorch.</summary>
    public static string Kernels(IReadOnlyDictionary<string, string> facts)
    {
        var kernels = facts["numerics.device"] is var device && device == "cpu" ? facts.GetValueOrDefault("numerics.instructions")
            ?? "unknown CPU kernels" : device;
        return $"{kernels}, libtorch {facts["numerics.libtorch"]}";
    }
}
