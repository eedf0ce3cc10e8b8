using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Storage;

/// <summary>safetensors files of the harness, written and read without torch, so that analysis needs none: arrays of F16, F32 and I32, read in whole or by a
/// run of elements.</summary>
sealed class TensorFile
{
    readonly string path;
    readonly Dictionary<string, TensorEntry> entries;

    TensorFile(string path, IEnumerable<TensorEntry> entries) =>
        (this.path, this.entries) = (path, entries.ToDictionary(entry => entry.StoredName, StringComparer.Ordinal));

    /// <summary>Writes arrays in the given order, widest elements first, so that each is aligned.</summary>
    public static void Write(Stream stream, IReadOnlyList<StoredArray> arrays)
    {
        StoredArray[] ordered = [.. arrays.OrderByDescending(a => SizeOf(a.Type))];
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            long offset = 0;
            writer.WriteStartObject();
            foreach (var array in ordered)
            {
                if (array.Shape.Aggregate(1L, (a, b) => a * b) * SizeOf(array.Type) != array.Bytes.Length)
                    throw new ArgumentException($"{array.Name} has {array.Bytes.Length} bytes; its shape [{string.Join(", ", array.Shape)}] of {array.Type} "
                        + "needs others.", nameof(arrays));
                writer.WriteStartObject(array.Name);
                writer.WriteString("dtype", array.Type);
                WriteNumbers(writer, "shape", array.Shape);
                WriteNumbers(writer, "data_offsets", [offset, offset += array.Bytes.Length]);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        while (json.Length % sizeof(long) != 0) json.WriteByte((byte)' ');
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        stream.Write(length);
        json.WriteTo(stream);
        foreach (var array in ordered) stream.Write(array.Bytes);
    }

    /// <exception cref="SafetensorsException">The file breaks the format.</exception>
    public static TensorFile Open(string path) => new(path, SafetensorsHeader.Read(path).Tensors);

    public IEnumerable<string> Names => entries.Keys;

    public bool Has(string name) => entries.ContainsKey(name);

    public long[] ShapeOf(string name) => Entry(name).Shape;

    /// <summary>Elements as float32, whatever floating type they are stored in.</summary>
    /// <param name="name">Of the array.</param>
    /// <param name="first">First element, row-major.</param>
    /// <param name="count">How many; null for all that follow.</param>
    /// <exception cref="StoreException">There is no such array, it is of another type, or has fewer elements.</exception>
    public float[] ReadFloats(string name, long first = 0, long? count = null)
    {
        var (type, bytes) = ReadBytes(name, first, count);
        if (type == StoredType.F32) return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        if (type != StoredType.F16) throw new StoreException($"{path}: {name} is {type}; expected F16 or F32.");
        var halves = MemoryMarshal.Cast<byte, Half>(bytes);
        var values = new float[halves.Length];
        for (var i = 0; i < values.Length; i++) values[i] = (float)halves[i];
        return values;
    }

    public int[] ReadInts(string name)
    {
        var (type, bytes) = ReadBytes(name, 0, null);
        return type == StoredType.I32 ? MemoryMarshal.Cast<byte, int>(bytes).ToArray() : throw new StoreException($"{path}: {name} is {type}; expected I32.");
    }

    (StoredType Type, byte[] Bytes) ReadBytes(string name, long first, long? count)
    {
        var entry = Entry(name);
        long size = SizeOf(entry.Type.ToString()), elements = entry.ByteLength / size, wanted = count ?? elements - first;
        if (first < 0 || wanted < 0 || first > elements || wanted > elements - first || wanted * size > Array.MaxLength)
            throw new StoreException($"{path}: {name} has {elements} elements; expected {wanted} from the one at {first} on. Run the same command again.");
        var bytes = new byte[wanted * size];
        var from = entry.Offset + first * size;
        using var handle = File.OpenHandle(path);
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(handle, bytes.AsSpan(done), from + done);
            if (read == 0) throw new StoreException($"{path} ends within {name}. Delete it and run the same command again.");
            done += read;
        }
        return (entry.Type, bytes);
    }

    TensorEntry Entry(string name) =>
        entries.TryGetValue(name, out var entry) ? entry : throw new StoreException($"{path} has no '{name}'; it has {string.Join(", ", entries.Keys)}.");

    static int SizeOf(string type) =>
        type switch { "F16" => 2, "F32" or "I32" => 4, _ => throw new StoreException($"Arrays of {type} are not kept here; expected F16, F32 or I32.") };

    static void WriteNumbers(Utf8JsonWriter writer, string name, ReadOnlySpan<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}

/// <summary>An array on its way into a <see cref="TensorFile"/>.</summary>
/// <param name="Name">Unique in its file.</param>
/// <param name="Type">F16, F32 or I32, as safetensors names them.</param>
/// <param name="Shape">Row-major.</param>
/// <param name="Bytes">Little-endian values.</param>
public sealed record StoredArray(string Name, string Type, long[] Shape, byte[] Bytes)
{
    public static StoredArray OfHalves(string name, Half[] values, params long[] shape) =>
        new(name, "F16", shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static StoredArray Of(string name, float[] values, params long[] shape) => new(name, "F32", shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static StoredArray Of(string name, int[] values, params long[] shape) => new(name, "I32", shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
