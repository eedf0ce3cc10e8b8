namespace Vrp.Harness.Snapshots;

/// <summary>How a received snapshot stands to the verified one, in Verify's words.</summary>
public enum SnapshotKind
{
    /// <summary>Every metric is within its tolerance and everything else is the same.</summary>
    Equal,

    /// <summary>There is no verified file yet: fails until <c>vrp accept</c> makes one.</summary>
    New,

    /// <summary>Something moved by more than the verified file allows.</summary>
    NotEqual,

    /// <summary>A verified file that no spec makes any more.</summary>
    Delete,
}
