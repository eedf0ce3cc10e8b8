namespace Vrp.Harness.Snapshots;

/// <summary>A snapshot held against its verified file.</summary>
/// <param name="Kind">Equal, New, NotEqual or Delete.</param>
/// <param name="Verified">Path of the verified file.</param>
/// <param name="Details">What a reviewer has to see, a line each; of an Equal one what differs and is not judged.</param>
/// <param name="Moved">Questions that are judged otherwise than verified; empty where that is unknown.</param>
public sealed record SnapshotResult(SnapshotKind Kind, string Verified, IReadOnlyList<string> Details, IReadOnlyList<LabelMove> Moved)
{
    /// <summary>Anything but Equal fails.</summary>
    public bool Failed => Kind != SnapshotKind.Equal;

    /// <summary>Class.Method_subject=NAME.</summary>
    public string Name => SnapshotName.Base(Verified, SnapshotName.Verified);

    /// <summary>Path of the received file; there is one unless the two are equal.</summary>
    public string Received => Verified[..^SnapshotName.Verified.Length] + SnapshotName.Received;

    /// <summary>For people and tools: the first line is "Kind: file", the lines after it are indented.</summary>
    public string Text => string.Join("\n", Details.Select(line => $"  {line}").Prepend($"{Kind}: {Path.GetFileName(Verified)}"));

    /// <summary>Fails the spec.</summary>
    /// <exception cref="SnapshotException">With <see cref="Text"/>, unless the snapshot is Equal.</exception>
    public void ThrowUnlessEqual()
    {
        if (Failed) throw new SnapshotException(Text);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

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
