using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Benchmarks;

/// <summary><c>bench checkpoint</c>: LLaVA-1.5's shape at a size that a laptop runs: 24 blocks of 1,024 units, 336-pixel pictures (576 image tokens). Random
/// weights: it answers nonsense.</summary>
static class CheckpointCommand
{
    public static Command Build()
    {
        var output = new Option<string>("--out") { Description = "Folder to make.", Required = true };
        var layers = new Option<int>("--layers") { Description = "Blocks of the language model.", DefaultValueFactory = _ => 24 };
        var dtype = new Option<string>("--dtype") { Description = "float32, bfloat16 or float16.", DefaultValueFactory = _ => "float32" };
        var command = new Command("checkpoint", "Make a random LLaVA-shaped checkpoint of about 400M parameters. Example: ./vrp bench checkpoint --out "
            + "artifacts/bench-checkpoint") { output, layers, dtype };
        command.SetAction(r => Run(r.GetValue(output)!, r.GetValue(layers), r.GetValue(dtype)!));
        return command;
    }

    static int Run(string folder, int layers, string dtype)
    {
        Directory.CreateDirectory(folder);
        var source = Path.Combine(RepositoryRoot.Find(), "fixtures", "goldens", "models", "llava-tiny");
        foreach (var file in Directory.GetFiles(source).Where(f => Path.GetFileName(f) is var n && n.EndsWith(".json", StringComparison.Ordinal)
            && n is not ("config.json" or "golden.json" or "gradients.json")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);

        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!;
        var text = (JsonObject)config["text_config"]!;
        var vision = (JsonObject)config["vision_config"]!;
        Set(text, ("hidden_size", 1024), ("intermediate_size", 2752), ("num_hidden_layers", layers), ("num_attention_heads", 16), ("num_key_value_heads", 16),
            ("head_dim", 64), ("vocab_size", 32064), ("max_position_embeddings", 4096));
        Set(vision, ("hidden_size", 512), ("intermediate_size", 2048), ("num_hidden_layers", 8), ("num_attention_heads", 8), ("image_size", 336),
            ("patch_size", 14));
        config["torch_dtype"] = dtype;
        config.Remove("dtype");
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        var preprocessor = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(source, "preprocessor_config.json")))!;
        preprocessor["size"] = new JsonObject { ["shortest_edge"] = 336 };
        preprocessor["crop_size"] = new JsonObject { ["height"] = 336, ["width"] = 336 };
        File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), preprocessor.ToJsonString());

        var shapes = VisionLanguageConfig.FromJson(JsonDocument.Parse(config.ToJsonString()).RootElement, "config.json").ExpectedTensors();
        var type = dtype switch { "float32" => ScalarType.Float32, "bfloat16" => ScalarType.BFloat16, "float16" => ScalarType.Float16,
            _ => throw new ArgumentException($"--dtype {dtype}: expected float32, bfloat16 or float16") };
        set_num_threads(Environment.ProcessorCount);
        using var generator = new Generator(0);
        using var scope = NewDisposeScope();
        Safetensors.Write(Path.Combine(folder, "model.safetensors"), [.. shapes.Select(s => (s.Key, Random(s.Key, s.Value, generator).to(type)))]);
        var parameters = shapes.Values.Sum(s => s.Aggregate(1L, (a, b) => a * b));
        var bytes = new FileInfo(Path.Combine(folder, "model.safetensors")).Length;
        Console.WriteLine(FormattableString.Invariant($"{folder}: {parameters / 1e6:0} million parameters, {dtype}, {bytes / 1e9:0.00} GB"));
        return 0;
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
