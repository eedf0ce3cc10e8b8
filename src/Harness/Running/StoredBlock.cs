namespace Vrp.Harness.Running;

/// <summary>A whole block of a store.</summary>
/// <param name="First">Index of its first sample.</param>
/// <param name="Count">Its samples.</param>
/// <param name="Lines">Its records, UTF-8 JSON.</param>
/// <param name="Arrays">Its arrays.</param>
/// <param name="Passes">What it cost.</param>
/// <param name="Bytes">Of both files.</param>
sealed record StoredBlock(int First, int Count, IReadOnlyList<byte[]> Lines, TensorFile Arrays, PassCounts Passes, long Bytes);
