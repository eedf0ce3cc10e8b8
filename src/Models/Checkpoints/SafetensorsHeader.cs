using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace Vrp.Models.Checkpoints;

/// <summary>The header of a safetensors file, checked in full before a byte of a tensor is touched.
/// Layout (github.com/huggingface/safetensors, "Format"): u64 little-endian N; N bytes of JSON
/// <c>{"NAME": {"dtype": "F16", "shape": [2, 3], "data_offsets": [BEGIN, END]}, …, "__metadata__": {"key": "text"}}</c>; then the tensors' bytes,
/// row-major and little-endian, offsets counted from the end of the header. The tensors must cover that rest exactly: no overlap, no gap.</summary>
public sealed class SafetensorsHeader
{
    /// <summary>The format's limit of the header, in bytes.</summary>
    public const long LargestHeader = 100_000_000;

    const int LargestRank = 64;

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
            using var file = File.OpenHandle(path);
            long length = RandomAccess.GetLength(file);
            Span<byte> prefix = stackalloc byte[sizeof(ulong)];
            if (length < prefix.Length)
                throw new SafetensorsException(path, SafetensorsDefect.Truncated, null, $"the file has {length} bytes; a safetensors file has at least {prefix.Length}");
            ReadExactly(file, prefix, 0, path);

            ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (claimed > LargestHeader)
                throw new SafetensorsException(path, SafetensorsDefect.HeaderTooLarge, null, $"the header claims {claimed} bytes; the format allows {LargestHeader}");
            if ((long)claimed > length - prefix.Length)
                throw new SafetensorsException(path, SafetensorsDefect.HeaderBeyondFile, null, $"the header claims {claimed} bytes; the file has {length - prefix.Length} after the length");

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
        if (!Utf8.IsValid(json)) throw NotValid(path, null, "the header is not UTF-8");
        if (json.IsEmpty || json[0] != '{') throw NotValid(path, null, "the header does not begin with '{'");
        try
        {
            var reader = new Utf8JsonReader(json);
            var (tensors, metadata) = new Parser(path, dataStart).ReadHeader(ref reader);
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
        long next = dataStart;
        foreach (var tensor in ordered)
        {
            if (tensor.Offset < next)
                throw new SafetensorsException(path, SafetensorsDefect.OffsetsOverlap, tensor.StoredName, $"begins at byte {tensor.Offset}, {next - tensor.Offset} bytes inside the tensor before it");
            if (tensor.Offset > fileLength)
                throw new SafetensorsException(path, SafetensorsDefect.OffsetsOutOfRange, tensor.StoredName, $"begins at byte {tensor.Offset}; the file has {fileLength}");
            if (tensor.Offset > next)
                throw new SafetensorsException(path, SafetensorsDefect.OffsetsGap, tensor.StoredName, $"begins at byte {tensor.Offset}; the {tensor.Offset - next} bytes before it belong to no tensor");
            next += tensor.ByteLength;
        }

        if (next > fileLength)
            throw new SafetensorsException(path, SafetensorsDefect.Truncated, ordered[^1].StoredName, $"ends at byte {next}; the file has {fileLength}", "The download or copy was cut short; download the file again.");
        if (next < fileLength)
            throw new SafetensorsException(path, SafetensorsDefect.OffsetsGap, null, $"{fileLength - next} bytes after the last tensor belong to no tensor");
        return ordered;
    }

    static void ReadExactly(SafeFileHandle file, Span<byte> into, long at, string path)
    {
        while (!into.IsEmpty)
        {
            int read = RandomAccess.Read(file, into, at);
            if (read == 0) throw new SafetensorsException(path, SafetensorsDefect.Truncated, null, $"the file ended at byte {at} while it was read");
            into = into[read..];
            at += read;
        }
    }

    static SafetensorsException NotValid(string path, string? tensor, string what) => new(path, SafetensorsDefect.HeaderNotValid, tensor, what);

    /// <summary>One pass over the JSON; nothing is skipped, so that a key that is not understood is never ignored.</summary>
    readonly struct Parser(string path, long dataStart)
    {
        public (List<TensorEntry>, Dictionary<string, string>) ReadHeader(ref Utf8JsonReader reader)
        {
            var tensors = new List<TensorEntry>();
            var metadata = new Dictionary<string, string>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (!names.Add(name)) throw new SafetensorsException(path, SafetensorsDefect.DuplicateKey, name, "is in the header twice");
                if (name == "__metadata__") ReadMetadata(ref reader, metadata);
                else tensors.Add(ReadTensor(ref reader, name));
            }

            if (reader.Read()) throw NotValid(path, null, "the header holds more than one JSON value");
            return (tensors, metadata);
        }

        void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
        {
            Expect(ref reader, JsonTokenType.StartObject, "__metadata__", "an object of strings");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = reader.GetString()!;
                Expect(ref reader, JsonTokenType.String, "__metadata__", "an object of strings");
                if (!metadata.TryAdd(key, reader.GetString()!))
                    throw new SafetensorsException(path, SafetensorsDefect.DuplicateKey, "__metadata__", $"the key '{Display.Name(key)}' is there twice");
            }
        }

        TensorEntry ReadTensor(ref Utf8JsonReader reader, string name)
        {
            string? type = null;
            List<long>? shape = null, offsets = null;
            Expect(ref reader, JsonTokenType.StartObject, name, "an object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = reader.GetString()!;
                if ((key, type, shape, offsets) is ("dtype", not null, _, _) or ("shape", _, not null, _) or ("data_offsets", _, _, not null))
                    throw new SafetensorsException(path, SafetensorsDefect.DuplicateKey, name, $"'{key}' is there twice");
                switch (key)
                {
                    case "dtype":
                        Expect(ref reader, JsonTokenType.String, name, "a string as dtype");
                        type = reader.GetString();
                        break;
                    case "shape":
                        shape = ReadIntegers(ref reader, name, key, SafetensorsDefect.InvalidShape, LargestRank);
                        break;
                    case "data_offsets":
                        offsets = ReadIntegers(ref reader, name, key, SafetensorsDefect.OffsetsOutOfRange, 2);
                        break;
                    default:
                        throw NotValid(path, name, $"has the key '{Display.Name(key)}'; the format knows dtype, shape and data_offsets");
                }
            }

            if (type is null || shape is null || offsets is null) throw NotValid(path, name, "lacks one of dtype, shape and data_offsets");
            return Check(name, type, [.. shape], offsets);
        }

        List<long> ReadIntegers(ref Utf8JsonReader reader, string name, string key, SafetensorsDefect defect, int most)
        {
            var numbers = new List<long>();
            Expect(ref reader, JsonTokenType.StartArray, name, $"an array as {key}");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.Number) throw NotValid(path, name, $"{key} holds {reader.TokenType} where an integer was expected");
                if (!reader.TryGetInt64(out long number) || number < 0)
                    throw new SafetensorsException(path, defect, name, $"{key} holds a number that is not an integer from 0 to {long.MaxValue}");
                if (numbers.Count == most) throw new SafetensorsException(path, defect, name, $"{key} holds more than {most} numbers");
                numbers.Add(number);
            }

            return numbers;
        }

        TensorEntry Check(string name, string typeName, long[] shape, List<long> offsets)
        {
            if (!StoredTypes.TryParse(typeName, out var type))
                throw new SafetensorsException(path, SafetensorsDefect.UnknownType, name, $"has dtype '{Display.Name(typeName)}'; this program reads {StoredTypes.Names}",
                    "Quantised weights are not supported: use the checkpoint's float16, bfloat16 or float32 form.");
            if (offsets.Count != 2) throw new SafetensorsException(path, SafetensorsDefect.OffsetsOutOfRange, name, $"has {offsets.Count} data_offsets; expected [begin, end]");
            if (offsets[0] > offsets[1] || offsets[1] > long.MaxValue - dataStart)
                throw new SafetensorsException(path, SafetensorsDefect.OffsetsOutOfRange, name, $"has data_offsets {Display.Shape(offsets)}");
            if (!TryByteLength(shape, type, out long bytes))
                throw new SafetensorsException(path, SafetensorsDefect.InvalidShape, name, $"has shape {Display.Shape(shape)}, whose size in bytes overflows 64 bits");
            if (bytes != offsets[1] - offsets[0])
                throw new SafetensorsException(path, SafetensorsDefect.SizeMismatch, name, $"has {offsets[1] - offsets[0]} bytes; {typeName} {Display.Shape(shape)} needs {bytes}");
            return new TensorEntry(name, name, type, shape, path, dataStart + offsets[0], bytes);
        }

        void Expect(ref Utf8JsonReader reader, JsonTokenType token, string name, string what)
        {
            if (!reader.Read() || reader.TokenType != token) throw NotValid(path, name, $"expected {what}");
        }

        static bool TryByteLength(long[] shape, StoredType type, out long bytes)
        {
            // Int128 cannot overflow here: the running product stays below 2^63 and each factor too.
            Int128 product = StoredTypes.SizeOf(type);
            bool empty = shape.Contains(0);
            foreach (long dimension in shape)
            {
                product *= dimension == 0 ? 1 : dimension;
                if (product > long.MaxValue)
                {
                    bytes = 0;
                    return false;
                }
            }

            bytes = empty ? 0 : (long)product;
            return true;
        }
    }
}
