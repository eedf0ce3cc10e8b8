using System.Text.Json;
using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Images;
using static TorchSharp.torch;

namespace Vrp.Models.Tests;

/// <summary>One case of one golden checkpoint: what its README calls CASE, and its tensors without that prefix.</summary>
public sealed class GoldenCase
{
    readonly Dictionary<string, Tensor> tensors;
    readonly JsonElement json;

    GoldenCase(string folder, string name, JsonElement json, Dictionary<string, Tensor> tensors) =>
        (Folder, Name, this.json, this.tensors) = (folder, name, json, tensors);

    public string Folder { get; }
    public string Name { get; }

    public string Question => json.GetProperty("question").GetString()!;

    /// <summary>After the chat template, before image tokens are expanded; of a batch, one per row.</summary>
    public string[] Prompts => json.TryGetProperty("prompts", out var many) ? [.. many.EnumerateArray().Select(item => item.GetString()!)]
        : [json.GetProperty("prompt").GetString()!];

    public string[] Texts => json.GetProperty("text") is { ValueKind: JsonValueKind.Array } many
        ? [.. many.EnumerateArray().Select(item => item.GetString()!)] : [json.GetProperty("text").GetString()!];

    public RgbImage[] Images => [.. json.GetProperty("images").EnumerateArray().Select(item => ImageFile.Read(Goldens.At("images", item.GetString()!)))];

    /// <summary>1e-4, or 4 × the reference's own distance to float64 where that is larger (goldens' README); <see cref="TensorAssertions"/> adds a share of the
    /// tensor's largest value.</summary>
    public double Tolerance => Math.Max(1e-4, json.TryGetProperty("float32_noise", out var noise) ? 4 * noise.EnumerateObject()
        .Max(item => item.Value.GetDouble()) : 0);

    public IEnumerable<string> Names => tensors.Keys;

    public Tensor this[string name] => tensors.TryGetValue(name, out var tensor) ? tensor : throw new KeyNotFoundException($"{Folder}: {Name} has no {name}");

    public bool Has(string name) => tensors.ContainsKey(name);

    /// <summary>The inputs exactly as the reference had them.</summary>
    public ModelInputs Inputs => ModelInputs.FromTensors(this["input_ids"], this["attention_mask"], tensors.GetValueOrDefault("pixel_values"),
        tensors.GetValueOrDefault("image_grid_thw"));

    /// <summary>The prompts as the processor wants them; the rows of a batch have one image each.</summary>
    public Prompt[] AsPrompts => Prompts is [var one] ? [new Prompt(one, Images)] : [.. Prompts.Zip(Images, (text, image) => new Prompt(text, [image]))];

    public static GoldenCase Read(string folder, string name)
    {
        var json = JsonDocument.Parse(File.ReadAllText(Goldens.At("models", folder, "golden.json"))).RootElement;
        var entry = name == "batch" ? json.GetProperty("batch") : json.GetProperty("cases").EnumerateArray()
            .First(item => item.GetProperty("name").GetString() == name);
        var all = Safetensors.Read(Goldens.At("models", folder, "golden.safetensors"));
        return new GoldenCase(folder, name, entry, all.Where(item => item.Key.StartsWith(name + ".", StringComparison.Ordinal))
            .ToDictionary(item => item.Key[(name.Length + 1)..], item => item.Value));
    }

    /// <summary>Rows (folder, case) of all single prompts.</summary>
    public static IEnumerable<object[]> All() =>
        from folder in Goldens.Folders("models")
        from entry in JsonDocument.Parse(File.ReadAllText(Goldens.At("models", folder, "golden.json"))).RootElement.GetProperty("cases").EnumerateArray()
        select new object[] { folder, entry.GetProperty("name").GetString()! };

    /// <summary>The same, and the batches.</summary>
    public static IEnumerable<object[]> AllWithBatches() => All().Concat(Goldens.Folders("models").Select(folder => new object[] { folder, "batch" }));
}
