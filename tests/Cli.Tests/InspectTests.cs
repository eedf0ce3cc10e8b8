using System.Text.Json;
using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Tests;
using static TorchSharp.torch;

namespace Vrp.Cli.Tests;

/// <summary><c>vrp inspect</c> against the goldens: what it writes is what the reference had, under the reference's names.</summary>
public class InspectTests
{
    public static IEnumerable<object[]> Tokenizers => Goldens.Tokenizers();
    public static IEnumerable<object[]> Cases => GoldenCase.All();
    public static IEnumerable<object[]> Models => Goldens.Models();

    [Theory, MemberData(nameof(Tokenizers))]
    public async Task Tokens_OfTheGoldenTexts_AreTheReferences(string name)
    {
        using var folder = new TemporaryFolder();
        var cases = File.ReadAllLines(Goldens.At("tokenizers", name, "cases.jsonl"));
        var run = await CommandRun.Of("inspect", "tokens", Goldens.At("tokenizers", name, "tokenizer.json"), "--input",
            Goldens.At("tokenizers", name, "cases.jsonl"), "--output", folder.At("out.jsonl"));
        run.Code.Should().Be(0, "{0}", run.Error);
        var lines = File.ReadAllLines(folder.At("out.jsonl"));
        lines.Should().HaveCount(cases.Length);
        foreach (var (line, expected) in lines.Zip(cases))
        {
            JsonElement got = JsonDocument.Parse(line).RootElement, want = JsonDocument.Parse(expected).RootElement;
            foreach (var key in new[] { "ids", "ids_without_special" })
                got.GetProperty(key).EnumerateArray().Select(e => e.GetInt32()).Should().Equal(want.GetProperty(key).EnumerateArray().Select(e => e.GetInt32()),
                    "of {0}", line);
            foreach (var key in new[] { "text", "decoded", "decoded_skip_special" }) got.GetProperty(key).GetString()
                .Should().Be(want.GetProperty(key).GetString());
        }
    }

    [Theory]
    [InlineData("""{"text": "a \ud83d b"}""", "a \uFFFD b")]
    [InlineData("""{"text": "\ude00"}""", "\uFFFD")]
    [InlineData("""{"text": "\\ud83d"}""", @"\ud83d")]
    [InlineData("""{"text": "\ud83d\ude00"}""", "\U0001F600")]
    public async Task Tokens_HalfASurrogatePair_IsTheReplacementCharacter(string line, string expected)
    {
        using var folder = new TemporaryFolder();
        var tokenizer = Goldens.At("tokenizers", Goldens.Folders("tokenizers").Last(), "tokenizer.json");
        var run = await CommandRun.Of("inspect", "tokens", tokenizer, "--input", folder.Write("in.jsonl", line), "--output", "-");
        run.Code.Should().Be(0, "{0}", run.Error);
        JsonDocument.Parse(run.Output).RootElement.GetProperty("text").GetString().Should().Be(expected);
    }

    [Theory, MemberData(nameof(Models))]
    public async Task Pixels_OfTheGoldenPictures_AreTheReferences(string model)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var image = GoldenCases(model)[0].GetProperty("images")[0].GetString()!;
        var run = await CommandRun.Of("inspect", "pixels", Goldens.At("models", model), Goldens.At("images", image), "--out", folder.At("pixels.safetensors"));
        run.Code.Should().Be(0, "{0}", run.Error);
        var got = Safetensors.Read(folder.At("pixels.safetensors"));
        var golden = Safetensors.Read(Goldens.At("models", model, "golden.safetensors"));
        got[$"{image}.pixel_values"].ShouldEqual(golden["one.pixel_values"], 0, "pixel_values");
        got[$"{image}.decoded"].shape.Should().HaveCount(3).And.EndWith(3L);
        got[$"{image}.resized"].dtype.Should().Be(ScalarType.Byte);
        got.ContainsKey($"{image}.image_grid_thw").Should().Be(golden.ContainsKey("one.image_grid_thw"));
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Forward_OfEveryGoldenCase_HoldsEveryTensorOfTheReference(string model, string name)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var golden = GoldenCase.Read(model, name);
        var json = GoldenCases(model).EnumerateArray().First(c => c.GetProperty("name").GetString() == name);
        string[] images = [.. json.GetProperty("images").EnumerateArray().SelectMany(i => new[] { "--image", Goldens.At("images", i.GetString()!) })];
        var run = await CommandRun.Of(["inspect", "forward", Goldens.At("models", model), .. images, "--prompt", golden.Prompts[0], "--generate", "10", "--out",
            folder.At("dump.safetensors")]);
        run.Code.Should().Be(0, "{0}", run.Error);
        var dump = Safetensors.Read(folder.At("dump.safetensors"));
        foreach (var key in golden.Names.Where(n => !n.StartsWith("ablate_", StringComparison.Ordinal)))
        {
            dump.Should().ContainKey(key);
            var (got, want) = (dump[key], golden[key]);
            // Cases other than the first keep the last position's logits and attention rows alone.
            if (key == "logits") got = got[TensorIndex.Colon, TensorIndex.Slice(got.shape[1] - want.shape[1])];
            if (key.StartsWith("attentions.", StringComparison.Ordinal)) got = got[TensorIndex.Colon, TensorIndex.Colon,
                TensorIndex.Slice(got.shape[2] - want.shape[2])];
            got.ShouldEqual(want, got.is_floating_point() ? golden.Tolerance : 0, $"{model} {name} {key}");
        }
    }

    [Theory, MemberData(nameof(Models))]
    public async Task Forward_WithAnIntervention_GivesTheReferencesAblatedLogits(string model)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var golden = GoldenCase.Read(model, GoldenCases(model)[0].GetProperty("name").GetString()!);
        var image = GoldenCases(model)[0].GetProperty("images")[0].GetString()!;
        foreach (var (intervention, key) in new[] { ("blocks.2.mlp.out:3,17,40=0", "ablate_zero_all"), ("blocks.2.mlp.out:3,17,40=0@last", "ablate_zero_last"),
            ("blocks.1.mlp.out:0,5=0.75", "ablate_value_all") })
        {
            var run = await CommandRun.Of("inspect", "forward", Goldens.At("models", model), "--image", Goldens.At("images", image), "--prompt",
                golden.Prompts[0],
                "--intervene", intervention, "--capture", "final_norm@last", "--out", folder.At("dump.safetensors"));
            run.Code.Should().Be(0, "{0}", run.Error);
            var logits = Safetensors.Read(folder.At("dump.safetensors"))["logits"];
            logits[TensorIndex.Colon, TensorIndex.Slice(logits.shape[1] - 1)].squeeze(1).ShouldEqual(golden[key], golden.Tolerance, $"{model} {key}");
        }
    }

    static JsonElement GoldenCases(string model) =>
        JsonDocument.Parse(File.ReadAllText(Goldens.At("models", model, "golden.json"))).RootElement.GetProperty("cases");
}
