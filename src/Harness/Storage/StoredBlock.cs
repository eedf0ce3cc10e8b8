using System.Runtime.InteropServices;

namespace Vrp.Harness.Storage;

/// <summary>A whole block of a store.</summary>
/// <param name="First">Index of its first sample.</param>
/// <param name="Count">Its samples.</param>
/// <param name="Lines">Its records, UTF-8 JSON.</param>
/// <param name="Arrays">Its arrays.</param>
/// <param name="Passes">What it cost.</param>
/// <param name="Bytes">Of both files.</param>
/// <param name="Sha256">Of its records and of all that their last line says, the hash of its arrays among it.</param>
sealed record StoredBlock(int First, int Count, IReadOnlyList<byte[]> Lines, TensorFile Arrays, PassCounts Passes, long Bytes,
    string Sha256);

/// <summary>An array on its way into a <see cref="TensorFile"/>.</summary>
/// <param name="Name">Unique in its file.</param>
/// <param name="Type">F16, F32 or I32, as safetensors names them.</param>
/// <param name="Shape">Row-major.</param>
/// <param name="Bytes">Little-endian values.</param>
public sealed record StoredArray(string Name, string Type, long[] Shape, byte[] Bytes)
{
    public static StoredArray Of(string name, float[] values, params long[] shape) => new(name, "F32", shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static StoredArray Of(string name, int[] values, params long[] shape) => new(name, "I32", shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
