using Vrp.Models;

namespace Vrp.Harness.Snapshots;

/// <summary>A snapshot that cannot be made, read or accepted, or, by <see cref="SnapshotResult.ThrowUnlessEqual"/>, one that differs.</summary>
public sealed class SnapshotException(string message, Exception? inner = null) : VrpException(message, inner);
