using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Vrp.Models.Images;

namespace Vrp.Models.Tests.Images;

/// <summary>The goldens' images (images/, README of the goldens): photos, variants, what Pillow decodes them to and what the processors make of them.</summary>
public static class ImageGoldens
{
    static readonly Lazy<JsonElement> Processed = new(() => Json("processed.json"));
    static readonly Lazy<Dictionary<string, (long[] Shape, byte[] Bytes)>> DecodedVariants = new(() => Tensors("decoded_variants.safetensors"));
    static readonly Lazy<Dictionary<string, (long[] Shape, byte[] Bytes)>> ProcessedTensors = new(() => Tensors("processed.safetensors"));

    /// <summary>Paths of the photos.</summary>
    public static IEnumerable<string> Photos => Files("images");

    /// <summary>Paths of the odd kinds and sizes.</summary>
    public static IEnumerable<string> Variants => Files("images", "variants");

    /// <summary>Paths of all images, as rows of a theory.</summary>
    public static IEnumerable<object[]> Images() => Photos.Concat(Variants).Select(path => new object[] { Path.GetFileName(path) });

    /// <summary>Processor and image of every processed golden, as rows of a theory.</summary>
    public static IEnumerable<object[]> Cases() =>
        from processor in Processed.Value.GetProperty("processors").EnumerateObject()
        from image in processor.Value.GetProperty("images").EnumerateObject()
        select new object[] { processor.Name, image.Name };

    public static string PathOf(string file) => Photos.Concat(Variants).Single(path => Path.GetFileName(path) == file);

    public static RgbImage Read(string file) => ImageFile.Read(PathOf(file));

    /// <summary>Pillow's SHA-256 of a photo's RGB bytes, null for a variant.</summary>
    public static string? Hash(string file) => Json("decoded_sha256.json").TryGetProperty(file, out var hash) ? hash.GetString() : null;

    /// <summary>Pillow's uint8[height, width, 3] of a variant, null for a photo.</summary>
    public static (long[] Shape, byte[] Bytes)? Decoded(string file) => DecodedVariants.Value.TryGetValue(file, out var tensor) ? tensor : null;

    /// <summary>The preprocessor_config.json of a processor.</summary>
    public static string Config(string processor) => Processed.Value.GetProperty("processors").GetProperty(processor).GetProperty("config").GetRawText();

    /// <summary>What is recorded of a processor's work on an image.</summary>
    public static JsonElement Case(string processor, string file) =>
        Processed.Value.GetProperty("processors").GetProperty(processor).GetProperty("images").GetProperty(file);

    /// <summary>uint8 before rescaling.</summary>
    public static (long[] Shape, byte[] Bytes) Resized(string processor, string file) => ProcessedTensors.Value[$"{processor}.{file}.resized"];

    /// <summary>pixel_values, null where only sums are recorded.</summary>
    public static (long[] Shape, float[] Values)? PixelValues(string processor, string file) =>
        ProcessedTensors.Value.TryGetValue($"{processor}.{file}.pixel_values", out var tensor)
            ? (tensor.Shape, MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray()) : null;

    /// <summary>Raw tensors of a safetensors file: this folder needs no torch.</summary>
    public static Dictionary<string, (long[] Shape, byte[] Bytes)> Tensors(string path)
    {
        path = Path.IsPathRooted(path) ? path : Goldens.At("images", path);
        var file = File.ReadAllBytes(path);
        var start = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using var header = JsonDocument.Parse(file.AsMemory(8, start - 8));
        return header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__").ToDictionary(entry => entry.Name, entry =>
        {
            int[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            return (shape, file[(start + offsets[0])..(start + offsets[1])]);
        });
    }

    static IEnumerable<string> Files(params string[] folder) =>
        Directory.GetFiles(Goldens.At(folder)).Where(path => Path.GetExtension(path) is ".png" or ".jpg").Order(StringComparer.Ordinal);

    static JsonElement Json(string file) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Goldens.At("images", file)));
}
