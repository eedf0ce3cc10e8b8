using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Tests.Checkpoints;

namespace Vrp.Models.Tests.Configuration;

/// <summary>What the constructors ask a recording cursor for, against what transformers and the checkpoints say.</summary>
public sealed class ExpectedTensorsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Goldens.Architectures), MemberType = typeof(Goldens))]
    public void ExpectedTensors_RealConfig_EqualTransformersNamesAndShapes(string architecture)
    {
        var config = ConfigSection.Read(Goldens.At("architectures", architecture, "config.json"));

        var expected = VisionLanguageConfig.FromJson(config.Json, config.Source).ExpectedTensors();

        expected.Select(item => $"{item.Key} {string.Join('x', item.Value)}").Order(StringComparer.Ordinal)
            .Should().Equal(File.ReadLines(Goldens.At("architectures", architecture, "tensors.txt")).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void ExpectedTensors_GoldenConfig_EqualStoredTensors(string name)
    {
        var checkpoint = Checkpoint.Open(Goldens.At("models", name));

        var expected = VisionLanguageConfig.FromJson(checkpoint.Config, name).ExpectedTensors();

        expected.Select(item => $"{item.Key} {string.Join('x', item.Value)}").Order(StringComparer.Ordinal)
            .Should().Equal(checkpoint.Tensors.Select(item => $"{item.Key} {string.Join('x', item.Value.Shape)}").Order(StringComparer.Ordinal));
    }

    /// <summary>Every size of every config.json is held against the weights before anything is computed or allocated with it: one typed line, at once. Numbers
    /// that no weight has a size of (layers that are projected, head counts) may be refused or computed with.</summary>
    [Theory, MemberData(nameof(Sizes))]
    public void Load_SizeOfConfigIsHuge_IsOneTypedLineAtOnce(string name, string path, int size)
    {
        var source = Goldens.At("models", name);
        foreach (var file in Directory.GetFiles(source)) File.CreateSymbolicLink(folder.At(Path.GetFileName(file)), file);
        var root = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!;
        var keys = path.Split('.');
        keys[..^1].Aggregate(root, (node, key) => node[key]!)[keys[^1]] = size;
        File.Delete(folder.At("config.json"));
        folder.Write("config.json", root.ToJsonString());

        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var load = () => VisionLanguageModel.Load(folder.Root).Dispose();

        var error = load.Should().Throw<VrpException>().Which;
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(200_000_000);
        error.Message.Should().NotContain("\n").And.Match(message => message.Length < 800 + folder.Root.Length);
    }

    public static IEnumerable<object[]> Sizes()
    {
        string[] keys = ["hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "head_dim", "vocab_size", "image_size", "patch_size",
            "num_channels",
            "projection_dim", "depth", "embed_dim", "num_heads", "in_channels", "spatial_merge_size", "temporal_patch_size", "mlp_ratio"];
        var families = Goldens.Folders("models").GroupBy(name => Checkpoint.Open(Goldens.At("models", name)).ModelType);
        foreach (var name in families.Select(family => family.First()))
        {
            using var config = JsonDocument.Parse(File.ReadAllText(Goldens.At("models", name, "config.json")));
            foreach (var (path, key) in Paths(config.RootElement, "").Where(at => keys.Contains(at.Key)))
                foreach (var size in new[] { 100_000_000, int.MaxValue })
                    if (IsRead(config.RootElement, path)) yield return [name, path, size];
        }

        // Of LLaVA and PaliGemma, the root repeats sizes of the text model, and vision_config has CLIP's for matching images with texts: neither is read.
        static bool IsRead(JsonElement root, string path) =>
            !root.TryGetProperty("text_config", out _) || path is not ("hidden_size" or "vocab_size" or "vision_config.projection_dim");

        static IEnumerable<(string Path, string Key)> Paths(JsonElement json, string prefix) => json.EnumerateObject().SelectMany(property =>
            property.Value.ValueKind == JsonValueKind.Object ? Paths(property.Value, $"{prefix}{property.Name}.")
                : [($"{prefix}{property.Name}", property.Name)]);
    }

    [Fact]
    public void ExpectedTensors_MoreBlocksThanStoredTensors_IsRefusedBeforeTheyAreCountedUp()
    {
        var config = VisionLanguageConfig.FromJson(
            JsonDocument.Parse("""{"model_type":"llava","text_config":{"num_hidden_layers":2000000000}}""").RootElement, "config.json");

        config.Invoking(c => c.ExpectedTensors(300)).Should().Throw<UnsupportedConfigException>().WithMessage("*2000000000 blocks*300 tensors*");
    }
}
