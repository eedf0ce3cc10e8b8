namespace Vrp.Harness.Snapshots;

/// <summary>What a snapshot is held to.</summary>
/// <param name="Profile">Numerics profile of this run (<see cref="SnapshotProfile.Of(string, string)"/>): it picks the floors.</param>
/// <param name="Tolerances">Share and floors.</param>
public sealed record SnapshotRules(string Profile, SnapshotTolerances Tolerances);

/// <summary>How a snapshot differs from its verified text.</summary>
/// <param name="Lines">What fails, a line each; empty when the two are the same within what is allowed.</param>
/// <param name="Notes">What differs and fails nobody: counts and choices that are not known to be stable.</param>
public sealed record SnapshotDifferences(IReadOnlyList<string> Lines, IReadOnlyList<string> Notes)
{
    /// <summary>None at all.</summary>
    public static SnapshotDifferences None { get; } = new([], []);
}
