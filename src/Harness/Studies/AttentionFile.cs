using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Studies;

/// <summary>attention.safetensors: per question one map [h × w] of float16 shares of the mass, named by the question's id. Written here and not through
/// tensors, so that an analysis needs no libtorch.</summary>
static class AttentionFile
{
    const int LargestSide = 1 << 15;

    public static void Write(Stream stream, IReadOnlyList<QuestionMap> maps)
    {
        var header = new JsonObject();
        var offset = 0L;
        foreach (var map in maps)
        {
            var end = offset + 2L * map.Mass.Length;
            header[map.Id] = new JsonObject { ["dtype"] = "F16", ["shape"] = new JsonArray(map.Height, map.Width),
                ["data_offsets"] = new JsonArray(offset, end) };
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

    /// <summary>The maps by question.</summary>
    /// <exception cref="VrpException">Missing, cut off, or not what <see cref="Write"/> writes: an entry that is not float16 [h × w], a share that is not
    /// finite or below 0.</exception>
    public static IReadOnlyDictionary<string, QuestionMap> Read(string path)
    {
        VrpException Wrong(string why, Exception? inner = null) => new($"{path} {why}. Run `vrp analyze` on its folder again.", inner);
        if (!File.Exists(path)) throw Wrong("is missing");
        var maps = new Dictionary<string, QuestionMap>(StringComparer.Ordinal);
        try
        {
            var file = TensorFile.Open(path);
            foreach (var id in file.Names)
            {
                if (file.ShapeOf(id) is not [> 0 and < LargestSide,
                    > 0 and < LargestSide] shape) throw new StoreException($"the map of {id} has not the form [h × w]");
                double[] mass = [.. file.ReadFloats(id).Select(share => (double)share)];
                if (Array.FindIndex(mass, share => !double.IsFinite(share) || share < 0) is >= 0 and var cell)
                    throw new StoreException($"the map of {id} holds {mass[cell]} at cell {cell}, which is no share of the mass");
                maps.Add(id, new QuestionMap(id, (int)shape[0], (int)shape[1], mass));
            }
        }
        catch (VrpException error)
        {
            throw Wrong($"is not what the analysis writes: {error.Message}", error);
        }

        return maps;
    }
}
