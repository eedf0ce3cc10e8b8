using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Vrp.Harness.Claims.Output;

/// <summary>attention.safetensors: per sample one map [h × w] of float16 shares of the mass, named by the sample's id. Written here and not through tensors, so that an analysis needs no libtorch.</summary>
static class AttentionFile
{
    public static void Write(string path, IReadOnlyList<SampleMap> maps)
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
        var text = StudyJson.Line(header);
        var bytes = Encoding.UTF8.GetBytes(text);
        Array.Resize(ref bytes, (bytes.Length + 7) / 8 * 8);
        bytes.AsSpan(Encoding.UTF8.GetByteCount(text)).Fill((byte)' ');
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        using (var stream = new BufferedStream(File.Create(temporary), 1 << 20))
        {
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

        File.Move(temporary, path, overwrite: true);
    }
}
