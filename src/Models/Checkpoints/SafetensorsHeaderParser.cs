using System.Text.Json;

namespace Vrp.Models.Checkpoints;

/// <summary>Reads the JSON of a safetensors header in one pass. Nothing is skipped, so that a key that is not understood is never ignored.</summary>
/// <param name="path">The file, for messages and entries.</param>
/// <param name="dataStart">Where the tensors' bytes begin in the file.</param>
readonly struct SafetensorsHeaderParser(string path, long dataStart)
{
    const string MetadataKey = "__metadata__";

    const int LargestRank = 64;     // libtorch's

    /// <summary>The tensors in the order of the header, and the metadata.</summary>
    /// <exception cref="SafetensorsException">The header breaks the format; the JSON reader's own exceptions pass through.</exception>
    public (List<TensorEntry> Tensors, Dictionary<string, string> Metadata) Read(ref Utf8JsonReader reader)
    {
        var tensors = new List<TensorEntry>();
        var metadata = new Dictionary<string, string>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!names.Add(name)) throw Broken(SafetensorsDefect.DuplicateKey, name, "is in the header twice");
            if (name == MetadataKey) ReadMetadata(ref reader, metadata);
            else tensors.Add(ReadTensor(ref reader, name));
        }

        if (reader.Read()) throw Broken(SafetensorsDefect.HeaderNotValid, null, "the header holds more than one JSON value");
        return (tensors, metadata);
    }

    void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        Expect(ref reader, JsonTokenType.StartObject, MetadataKey, "an object of strings");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String, MetadataKey, "an object of strings");
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw Broken(SafetensorsDefect.DuplicateKey, MetadataKey, $"the key '{Display.Name(key)}' is there twice");
        }
    }

    TensorEntry ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        List<long>? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, name, "an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            if ((key, type, shape, offsets) is ("dtype", not null, _, _) or ("shape", _, not null, _) or ("data_offsets", _, _, not null))
                throw Broken(SafetensorsDefect.DuplicateKey, name, $"'{key}' is there twice");
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
                    throw Broken(SafetensorsDefect.HeaderNotValid, name, $"has the key '{Display.Name(key)}'; the format knows dtype, shape and data_offsets");
            }
        }

        if (type is null || shape is null || offsets is null)
            throw Broken(SafetensorsDefect.HeaderNotValid, name, "lacks one of dtype, shape and data_offsets");
        return Check(name, type, [.. shape], offsets);
    }

    List<long> ReadIntegers(ref Utf8JsonReader reader, string name, string key, SafetensorsDefect defect, int most)
    {
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray, name, $"an array as {key}");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number)
                throw Broken(SafetensorsDefect.HeaderNotValid, name, $"{key} holds {reader.TokenType} where an integer was expected");
            if (!reader.TryGetInt64(out var number) || number < 0)
                throw Broken(defect, name, $"{key} holds a number that is not an integer from 0 to {long.MaxValue}");
            if (numbers.Count == most) throw Broken(defect, name, $"{key} holds more than {most} numbers");
            numbers.Add(number);
        }

        return numbers;
    }

    TensorEntry Check(string name, string typeName, long[] shape, List<long> offsets)
    {
        if (!StoredTypes.TryParse(typeName, out var type))
            throw new SafetensorsException(path, SafetensorsDefect.UnknownType, name,
                $"has dtype '{Display.Name(typeName)}'; this program reads {StoredTypes.Names}",
                "Quantised weights are not supported: use the checkpoint's float16, bfloat16 or float32 form.");
        if (offsets.Count != 2) throw Broken(SafetensorsDefect.OffsetsOutOfRange, name, $"has {offsets.Count} data_offsets; expected [begin, end]");
        if (offsets[0] > offsets[1] || offsets[1] > long.MaxValue - dataStart)
            throw Broken(SafetensorsDefect.OffsetsOutOfRange, name, $"has data_offsets {Display.Shape(offsets)}");
        if (!TryByteLength(shape, type, out var bytes))
            throw Broken(SafetensorsDefect.InvalidShape, name, $"has shape {Display.Shape(shape)}, whose size in bytes overflows 64 bits");
        if (bytes != offsets[1] - offsets[0])
            throw Broken(SafetensorsDefect.SizeMismatch, name, $"has {offsets[1] - offsets[0]} bytes; {typeName} {Display.Shape(shape)} needs {bytes}");
        return new TensorEntry(name, name, type, shape, path, dataStart + offsets[0], bytes);
    }

    void Expect(ref Utf8JsonReader reader, JsonTokenType token, string name, string what)
    {
        if (!reader.Read() || reader.TokenType != token) throw Broken(SafetensorsDefect.HeaderNotValid, name, $"expected {what}");
    }

    SafetensorsException Broken(SafetensorsDefect defect, string? tensor, string what) => new(path, defect, tensor, what);

    static bool TryByteLength(long[] shape, StoredType type, out long bytes)
    {
        // Int128 cannot overflow here: the running product stays below 2^63 and each factor too.
        Int128 product = StoredTypes.SizeOf(type);
        var empty = shape.Contains(0);
        foreach (var dimension in shape)
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
