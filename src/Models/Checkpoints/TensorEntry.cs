namespace Vrp.Models.Checkpoints;

/// <summary>Where one tensor lies on disk.</summary>
/// <param name="Name">Its name: in a <see cref="SafetensorsHeader"/> as stored, in a <see cref="Checkpoint"/> the canonical one
/// (<see cref="TensorNames"/>).</param>
/// <param name="StoredName">Its name in the file.</param>
/// <param name="Type">Its dtype on disk.</param>
/// <param name="Shape">Its shape, outermost dimension first; empty for a scalar.</param>
/// <param name="File">The safetensors file.</param>
/// <param name="Offset">First byte, from the start of the file.</param>
/// <param name="ByteLength">Bytes on disk: little-endian, row-major, no padding.</param>
public sealed record TensorEntry(string Name, string StoredName, StoredType Type, long[] Shape, string File, long Offset, long ByteLength);
