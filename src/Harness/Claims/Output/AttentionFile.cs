using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Claims.Output;

/// <summary>One sample's attention map for the report.</summary>
/// <param name="Id">The sample.</param>
/// <param name="Height">Grid rows.</param>
/// <param name="Width">Grid columns.</param>
/// <param name="Mass">Row-major, sum 1.</param>
public sealed record QuestionMap(string Id, int Height, int Width, double[] Mass);

/// <summary>attention.safetensors: per sample one map [h × w] of float16 shares of the mass, named by the sample's id. Written here and not through tensors, so that an analysis needs no libtorch.</summary>
static class AttentionFile
{
    public static void Write(Stream stream, IReadOnlyList<QuestionMap> maps)
    {
        var header = new JsonObject();
        var offset = 0L;
        foreach (var map in maps)
        {
            var end = offset + 2L * map.Mass.Length;
            header[map.Id] = new JsonObject { ["dtype"] = "F16", ["shape"] = new JsonArray(map.Height, map.Width), ["data_offsets"] = new JsonArray(offset, end) };
            offset = end;
        }

        // The format wants the data aligned to 8 bytes: the header is padded with blanks.
        var text = header.ToJsonString(Json.Document);
        var bytes = Encoding.UTF8.GetBytes(text);
        Array.Resize(ref bytes, (bytes.Length + 7) / 8 * 8);
        bytes.AsSpan(Encoding.UTF8.GetByteCount(text)).Fill((byte)' ');
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, bytes.Length);
        stream.Write(number);
        stream.Write(bytes);
        foreach (var map in maps)
            foreach (var share in map.Mass)
            {
                BinaryPrimitives.WriteHalfLittleEndian(number, (Half)share);
                stream.Write(number[..2]);
            }
    }

    /// <summary>The maps by sample.</summary>
    /// <exception cref="VrpException">Missing, cut off, or not what <see cref="Write"/> writes: an entry that is not float16 [h × w], a share that is not finite or below 0.</exception>
    public static IReadOnlyDictionary<string, QuestionMap> Read(string path)
    {
        VrpException Wrong(string why, Exception? inner = null) => new($"{path} {why}. Run `vrp analyze` on its folder again.", inner);
        if (!File.Exists(path)) throw Wrong("is missing");
        var bytes = File.ReadAllBytes(path);
        var length = bytes.Length >= 8 ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : -1;
        if (length < 2 || length > bytes.Length - 8) throw Wrong($"is no safetensors file: {bytes.Length} bytes, its header would have {length}");
        var maps = new Dictionary<string, QuestionMap>(StringComparer.Ordinal);
        try
        {
            using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)length));
            foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
                maps.Add(entry.Name, Map(entry.Name, entry.Value, bytes.AsSpan(8 + (int)length)));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException or InvalidDataException)
        {
            throw Wrong($"is not what the analysis writes: {error.Message}", error);
        }

        return maps;
    }

    static QuestionMap Map(string id, JsonElement entry, ReadOnlySpan<byte> data)
    {
        int[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        long[] ends = [.. entry.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (entry.GetProperty("dtype").GetString() != "F16" || shape.Length != 2 || ends.Length != 2 || shape[0] < 1 || shape[1] < 1)
            throw new InvalidDataException($"the map of {id} is not F16 [h × w]");
        if (ends[0] < 0 || ends[1] > data.Length || ends[1] - ends[0] != 2L * shape[0] * shape[1])
            throw new InvalidDataException($"the map of {id} should lie at {ends[0]} to {ends[1]}, there are {data.Length} bytes");
        var mass = new double[shape[0] * shape[1]];
        for (var cell = 0; cell < mass.Length; cell++)
        {
            mass[cell] = (double)BinaryPrimitives.ReadHalfLittleEndian(data[((int)ends[0] + 2 * cell)..]);
            if (!double.IsFinite(mass[cell]) || mass[cell] < 0) throw new InvalidDataException($"the map of {id} holds {mass[cell]} at cell {cell}, which is no share of the mass");
        }

        return new QuestionMap(id, shape[0], shape[1], mass);
    }
}
