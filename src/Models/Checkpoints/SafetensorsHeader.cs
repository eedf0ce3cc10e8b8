using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;
using Vrp.Models.Storage;

namespace Vrp.Models.Checkpoints;

/// <summary>The header of a safetensors file, checked in full before a byte of a tensor is touched. Layout (github.com/huggingface/safetensors, "Format"): u64
/// little-endian N; N bytes of JSON <c>{"NAME": {"dtype": "F16", "shape": [2, 3], "data_offsets": [BEGIN, END]}, …, "__metadata__": {"key": "text"}}</c>; then
/// the tensors' bytes, row-major and little-endian, offsets counted from the end of the header. The tensors must cover that rest exactly: no overlap, no
/// gap.</summary>
public sealed class SafetensorsHeader
{
    /// <summary>The format's limit of the header, in bytes.</summary>
    public const long LargestHeader = 100_000_000;

    SafetensorsHeader(IReadOnlyList<TensorEntry> tensors, IReadOnlyDictionary<string, string> metadata) => (Tensors, Metadata) = (tensors, metadata);

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks the header of a file.</summary>
    /// <exception cref="SafetensorsException">The file breaks the format.</exception>
    /// <exception cref="CheckpointException">The file cannot be opened.</exception>
    public static SafetensorsHeader Read(string path)
    {
        try
        {
            FileDoor.ThrowIfUnusable(path);
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            Span<byte> prefix = stackalloc byte[sizeof(ulong)];
            if (length < prefix.Length)
                throw new SafetensorsException(path, SafetensorsDefect.Truncated, null,
                    $"the file has {length} bytes; a safetensors file has at least {prefix.Length}");
            ReadExactly(file, prefix, 0, path);

            var claimed = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (claimed > LargestHeader)
                throw new SafetensorsException(path, SafetensorsDefect.HeaderTooLarge, null,
                    $"the header claims {claimed} bytes; the format allows {LargestHeader}");
            if ((long)claimed > length - prefix.Length)
                throw new SafetensorsException(path, SafetensorsDefect.HeaderBeyondFile, null,
                    $"the header claims {claimed} bytes; the file has {length - prefix.Length} after the length");

            var json = new byte[claimed];
            ReadExactly(file, json, prefix.Length, path);
            return Parse(json, prefix.Length + json.Length, length, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"{path} cannot be read: {e.Message} Check the path and its permissions.", e);
        }
    }

    /// <summary>Checks a header's JSON against the extent of its file.</summary>
    /// <param name="json">The JSON, without the length before it.</param>
    /// <param name="dataStart">Where the tensors' bytes begin in the file.</param>
    /// <param name="fileLength">The length of the file, in bytes.</param>
    /// <param name="path">The file, for messages and entries.</param>
    internal static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataStart, long fileLength, string path)
    {
        if (!Utf8.IsValid(json)) throw new SafetensorsException(path, SafetensorsDefect.HeaderNotValid, null, "the header is not UTF-8");
        if (json.IsEmpty || json[0] != '{') throw new SafetensorsException(path, SafetensorsDefect.HeaderNotValid, null, "the header does not begin with '{'");
        try
        {
            var reader = new Utf8JsonReader(json);
            var (tensors, metadata) = new SafetensorsHeaderParser(path, dataStart).Read(ref reader);
            return new SafetensorsHeader(InOrder(tensors, dataStart, fileLength, path), metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)   // the latter: an escaped lone surrogate
        {
            throw new SafetensorsException(path, SafetensorsDefect.HeaderNotValid, null, $"the header is not valid JSON: {e.Message}", inner: e);
        }
    }

    /// <summary>Sorts by offset and refuses overlaps, gaps and a file that ends too early or too late.</summary>
    static TensorEntry[] InOrder(List<TensorEntry> tensors, long dataStart, long fileLength, string path)
    {
        TensorEntry[] ordered = [.. tensors.OrderBy(t => t.Offset).ThenBy(t => t.ByteLength)];
        var next = dataStart;
        foreach (var tensor in ordered)
        {
            if (tensor.Offset < next)
                throw Broken(SafetensorsDefect.OffsetsOverlap, tensor.StoredName,
                    $"begins at byte {tensor.Offset}, {next - tensor.Offset} bytes inside the tensor before it");
            if (tensor.Offset > next && tensor.Offset > fileLength)
                throw Broken(SafetensorsDefect.OffsetsOutOfRange, tensor.StoredName, $"begins at byte {tensor.Offset}; the file has {fileLength}");
            if (tensor.Offset > next)
                throw Broken(SafetensorsDefect.OffsetsGap, tensor.StoredName,
                    $"begins at byte {tensor.Offset}; the {tensor.Offset - next} bytes before it belong to no tensor");
            next += tensor.ByteLength;
        }

        if (next > fileLength)
            throw new SafetensorsException(path, SafetensorsDefect.Truncated, ordered[^1].StoredName,
                $"ends at byte {next}; the file has {fileLength}", "The download or copy was cut short; download the file again.");
        if (next < fileLength) throw Broken(SafetensorsDefect.OffsetsGap, null, $"{fileLength - next} bytes after the last tensor belong to no tensor");
        return ordered;

        SafetensorsException Broken(SafetensorsDefect defect, string? tensor, string what) => new(path, defect, tensor, what);
    }

    static void ReadExactly(SafeFileHandle file, Span<byte> into, long at, string path)
    {
        while (!into.IsEmpty)
        {
            var read = RandomAccess.Read(file, into, at);
            if (read == 0) throw new SafetensorsException(path, SafetensorsDefect.Truncated, null, $"the file ended at byte {at} while it was read");
            into = into[read..];
            at += read;
        }
    }
}

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
