using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vrp.Models.Storage;
using static TorchSharp.torch;

namespace Vrp.Models.Checkpoints;

/// <summary>Reads and writes single safetensors files; the format is told in <see cref="SafetensorsHeader"/>.</summary>
public static class Safetensors
{
    /// <summary>Alignment of the first tensor, in bytes; with the widest elements first, every tensor is then aligned to its element size.</summary>
    const int Alignment = 8;

    const long Piece = 64 << 20;

    static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All tensors of a file, on the CPU, in their stored dtypes. They belong to the caller, not to a dispose scope. NaN and infinities are
    /// kept.</summary>
    /// <exception cref="SafetensorsException">The file breaks the format.</exception>
    public static Dictionary<string, Tensor> Read(string path)
    {
        var entries = SafetensorsHeader.Read(path).Tensors;
        var tensors = TensorLoader.Load(entries, dtype: null, CPU, findings: null);
        return entries.Zip(tensors).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>The texts under <c>__metadata__</c> of a file.</summary>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path) => SafetensorsHeader.Read(path).Metadata;

    /// <summary>Writes tensors, widest elements first, then by name (the same bytes for the same tensors, whatever their order). The file appears whole or
    /// not at all (<see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="tensors">Names and tensors of any device and layout; one at a time is made contiguous on the CPU.</param>
    /// <param name="metadata">Texts for <c>__metadata__</c>.</param>
    /// <exception cref="ArgumentException">A name is there twice or reserved, or a dtype is not one of <see cref="StoredType"/>.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        (string Name, Tensor Tensor, StoredType Type)[] ordered =
            [.. tensors.Select(t => (t.Name, t.Tensor, TypeOf(t.Name, t.Tensor))).OrderByDescending(t => StoredTypes.SizeOf(t.Item3))
                .ThenBy(t => t.Name, StringComparer.Ordinal)];
        var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        if (ordered.FirstOrDefault(t => !names.Add(t.Name)) is { Name: { } twice })
            throw new ArgumentException($"Safetensors.Write {path}: the name '{twice}' is there twice or reserved; names must be unique.", nameof(tensors));

        AtomicFile.Write(path, file =>
        {
            file.Write(Header(ordered, metadata));
            foreach (var (_, tensor, _) in ordered) WriteData(file, tensor);
        });
    }

    static StoredType TypeOf(string name, Tensor tensor) => StoredTypes.Of(tensor.dtype)
        ?? throw new ArgumentException($"Safetensors.Write: tensor '{name}' is {tensor.dtype}; expected one of {StoredTypes.Names}. Convert it first.");

    static byte[] Header((string Name, Tensor Tensor, StoredType Type)[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var json = new MemoryStream();
        json.Write(stackalloc byte[sizeof(long)]);
        using (var writer = new Utf8JsonWriter(json, Unescaped))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) writer.WriteString(key, value);
                writer.WriteEndObject();
            }

            long offset = 0;
            foreach (var (name, tensor, type) in tensors)
            {
                writer.WriteStartObject(name);
                writer.WriteString("dtype", type.ToString());
                writer.WriteStartArray("shape");
                foreach (var dimension in tensor.shape) writer.WriteNumberValue(dimension);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(offset += tensor.NumberOfElements * StoredTypes.SizeOf(type));
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        while (json.Length % Alignment != 0) json.WriteByte((byte)' ');
        var header = json.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - sizeof(long));
        return header;
    }

    static void WriteData(Stream file, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().to(CPU).contiguous().view(-1);
        long piece = Piece / flat.ElementSize, count = flat.NumberOfElements;
        for (long at = 0; at < count; at += piece)
        {
            using var part = flat.narrow(0, at, Math.Min(piece, count - at));
            file.Write(part.bytes);
        }
    }
}
