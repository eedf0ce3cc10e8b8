using System.Buffers.Binary;
using System.Text;

namespace Vrp.Models.Tests.Checkpoints;

/// <summary>Builds safetensors files by hand, so that wrong ones can be built too.</summary>
static class SafetensorsBytes
{
    /// <summary>A file with this header text and so many zero bytes of data.</summary>
    public static byte[] Of(string header, int data = 0) => Of(header, new byte[data]);

    public static byte[] Of(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }

    /// <summary>A file of float32 tensors, in the order given.</summary>
    public static byte[] Of(params (string Name, long[] Shape, float[] Values)[] tensors)
    {
        var entries = new List<string>();
        var data = new List<byte>();
        foreach (var (name, shape, values) in tensors)
        {
            var begin = data.Count;
            foreach (var value in values) data.AddRange(BitConverter.GetBytes(value));
            entries.Add($$"""
                {{System.Text.Json.JsonSerializer.Serialize(name)}}: {"dtype": "F32", "shape": [{{string.Join(",", shape)}}],
                    "data_offsets": [{{begin}}, {{data.Count}}]}
                """);
        }

        return Of("{" + string.Join(",", entries) + "}", data.ToArray());
    }
}
