using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Benchmarks;

/// <summary><c>bench checkpoint</c>: LLaVA-1.5's or Qwen2-VL's shape at a size that a laptop runs: 24 blocks of 1,024 units; LLaVA's pictures are of 336 pixels
/// (576 image tokens), Qwen2-VL's of any size. Random weights: they answer nonsense.</summary>
static class CheckpointCommand
{
    public static Command Build()
    {
        var output = new Option<string>("--out") { Description = "Folder to make.", Required = true };
        var layers = new Option<int>("--layers") { Description = "Blocks of the language model.", DefaultValueFactory = _ => 24 };
        var dtype = new Option<string>("--dtype") { Description = "float32, bfloat16 or float16.", DefaultValueFactory = _ => "float32" };
        var family = new Option<string>("--family") { Description = "llava or qwen2_vl.", DefaultValueFactory = _ => "llava" };
        var command = new Command("checkpoint", "Make a random checkpoint of about 400M parameters, shaped like LLaVA or Qwen2-VL. "
            + "Example: ./vrp bench checkpoint --out artifacts/bench-checkpoint")
            { output, layers, dtype, family };
        command.SetAction(r => Run(r.GetValue(output)!, r.GetValue(layers), r.GetValue(dtype)!, r.GetValue(family)!));
        return command;
    }

    static int Run(string folder, int layers, string dtype, string family)
    {
        Directory.CreateDirectory(folder);
        if (family is not ("llava" or "qwen2_vl")) throw new ArgumentException($"--family {family}: expected llava or qwen2_vl");
        var source = Path.Combine(RepositoryRoot.Find(), "fixtures", "goldens", "models", $"{family}-tiny");
        foreach (var file in Directory.GetFiles(source).Where(f => Path.GetFileName(f) is var n && n.EndsWith(".json", StringComparison.Ordinal)
            && n is not ("config.json" or "golden.json" or "gradients.json")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);

        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!;
        if (family == "llava") ShapeLlava(config, layers);
        else ShapeQwen2VL(config, layers);
        config["torch_dtype"] = dtype;
        config.Remove("dtype");
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        var preprocessor = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(source, "preprocessor_config.json")))!;
        if (family == "llava")
        {
            preprocessor["size"] = new JsonObject { ["shortest_edge"] = 336 };
            preprocessor["crop_size"] = new JsonObject { ["height"] = 336, ["width"] = 336 };
        }
        else
        {
            // At most 576 tokens of 28 × 28 pixels, as many as LLaVA has.
            preprocessor["size"] = new JsonObject { ["shortest_edge"] = 3136, ["longest_edge"] = 576 * 28 * 28 };
            Set(preprocessor, ("min_pixels", 3136), ("max_pixels", 576 * 28 * 28));
        }
        File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), preprocessor.ToJsonString());

        var shapes = VisionLanguageConfig.FromJson(JsonDocument.Parse(config.ToJsonString()).RootElement, "config.json").ExpectedTensors();
        var type = dtype switch { "float32" => ScalarType.Float32, "bfloat16" => ScalarType.BFloat16, "float16" => ScalarType.Float16,
            _ => throw new ArgumentException($"--dtype {dtype}: expected float32, bfloat16 or float16") };
        set_num_threads(Environment.ProcessorCount);
        using var generator = new Generator(0);
        using var scope = NewDisposeScope();
        Safetensors.Write(Path.Combine(folder, "model.safetensors"), [.. shapes.Select(s => (s.Key, Random(s.Key, s.Value, generator).to(type)))],
            new Dictionary<string, string> { ["format"] = "pt" });                       // transformers asks for it
        var parameters = shapes.Values.Sum(s => s.Aggregate(1L, (a, b) => a * b));
        var bytes = new FileInfo(Path.Combine(folder, "model.safetensors")).Length;
        Console.WriteLine(FormattableString.Invariant($"{folder}: {parameters / 1e6:0} million parameters, {dtype}, {bytes / 1e9:0.00} GB"));
        return 0;
    }

    /// <summary>24 blocks of 1,024 units, 16 heads; 336-pixel pictures.</summary>
    static void ShapeLlava(JsonObject config, int layers)
    {
        Set((JsonObject)config["text_config"]!, ("hidden_size", 1024), ("intermediate_size", 2752), ("num_hidden_layers", layers), ("num_attention_heads", 16),
            ("num_key_value_heads", 16), ("head_dim", 64), ("vocab_size", 32064), ("max_position_embeddings", 4096));
        Set((JsonObject)config["vision_config"]!, ("hidden_size", 512), ("intermediate_size", 2048), ("num_hidden_layers", 8), ("num_attention_heads", 8),
            ("image_size", 336), ("patch_size", 14));
    }

    /// <summary>The same size with four query heads to a key head, biases on q, k and v, and a tower that takes pictures as they are, 28 pixels a
    /// token.</summary>
    static void ShapeQwen2VL(JsonObject config, int layers)
    {
        foreach (var text in (JsonObject?[])[config, config["text_config"] as JsonObject])
            if (text is not null)
            {
                Set(text, ("hidden_size", 1024), ("intermediate_size", 3072), ("num_hidden_layers", layers), ("num_attention_heads", 16),
                    ("num_key_value_heads", 4), ("vocab_size", 32064), ("max_position_embeddings", 4096));
                ((JsonObject)text["rope_scaling"]!)["mrope_section"] = new JsonArray(8, 12, 12);
            }
        Set((JsonObject)config["vision_config"]!, ("embed_dim", 512), ("hidden_size", 1024), ("depth", 8), ("num_heads", 8));
    }

    /// <summary>Norms 1, biases 0, matrices normal with variance 1 / fan-in: activations keep their size through the blocks.</summary>
    static Tensor Random(string name, long[] shape, Generator generator) =>
        shape.Length == 1 ? (name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal) ? ones(shape) : zeros(shape))
        : randn(shape, generator: generator).TimesInPlace(1 / Math.Sqrt(shape.Skip(1).Aggregate(1.0, (a, b) => a * b)));

    static void Set(JsonObject section, params (string Key, int Value)[] values)
    {
        foreach (var (key, value) in values) section[key] = value;
    }
}
