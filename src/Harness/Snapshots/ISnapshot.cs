namespace Vrp.Harness.Snapshots;

/// <summary>Content that is held against a verified file.</summary>
public interface ISnapshot
{
    /// <summary>The received file, byte for byte.</summary>
    string Text { get; }

    /// <summary>What a reviewer has to see.</summary>
    /// <param name="verified">The verified file's text.</param>
    /// <param name="rules">Profile of this run, share and floors.</param>
    SnapshotDifferences Differences(string verified, SnapshotRules rules);
}
