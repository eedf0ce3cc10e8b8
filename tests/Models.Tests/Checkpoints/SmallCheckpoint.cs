namespace Vrp.Models.Tests.Checkpoints;

/// <summary>Writes the smallest folder that opens as a checkpoint: a config and a few tensors under a family's names.</summary>
static class SmallCheckpoint
{
    public const string Embedding = "model.embed_tokens.weight", Norm = "model.norm.weight", Head = "lm_head.weight";

    public const string Config = """{"model_type": "qwen2_vl", "torch_dtype": "float32"}""";

    /// <summary>What its config would imply, without a head.</summary>
    public static Dictionary<string, long[]> Shapes => new() { [Embedding] = [3, 2], [Norm] = [2] };

    public static readonly (string Name, long[] Shape, float[] Values)[] Tensors = [(Embedding, [3, 2], [1, 2, 3, 4, 5, 6]), (Norm, [2], [0.5f, -0.5f])];

    /// <summary>One file.</summary>
    public static string Write(TemporaryFolder folder, params (string Name, long[] Shape, float[] Values)[] tensors)
    {
        folder.Write("config.json", Config);
        folder.Write("model.safetensors", SafetensorsBytes.Of(tensors.Length == 0 ? Tensors : tensors));
        return folder.Root;
    }

    /// <summary>Two shards, one tensor in each, and an index.</summary>
    public static string WriteSharded(TemporaryFolder folder, string? index = null)
    {
        folder.Write("config.json", Config);
        folder.Write("model-00001-of-00002.safetensors", SafetensorsBytes.Of(Tensors[0]));
        folder.Write("model-00002-of-00002.safetensors", SafetensorsBytes.Of(Tensors[1]));
        folder.Write("model.safetensors.index.json", index ?? $$"""
            {"metadata": {"total_size": 32}, "weight_map": {"{{Embedding}}": "model-00001-of-00002.safetensors",
                "{{Norm}}": "model-00002-of-00002.safetensors"} }
            """);
        return folder.Root;
    }
}
