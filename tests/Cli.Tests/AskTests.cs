using System.Text.Json;
using Vrp.Models.Tests;

namespace Vrp.Cli.Tests;

/// <summary><c>vrp ask</c> on every golden checkpoint: the reference's ids and text, alone, in batches and sampled.</summary>
public class AskTests
{
    public static IEnumerable<object[]> Models => Goldens.Models();

    static JsonElement.ArrayEnumerator Cases(string folder) =>
        JsonDocument.Parse(File.ReadAllText(Goldens.At("models", folder, "golden.json"))).RootElement.GetProperty("cases").EnumerateArray();

    static string Requests(TemporaryFolder folder, string model) =>
        folder.Write("requests.jsonl", [.. Cases(model)
            .Select(c => JsonSerializer.Serialize(new { images = c.GetProperty("images"), question = c.GetProperty("question").GetString() }))]);

    [Theory, MemberData(nameof(Models))]
    public async Task Requests_InOneBatch_GiveTheReferencesGreedyAnswers(string model)
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.Of("ask", Goldens.At("models", model), "--requests", Requests(folder, model), "--images", Goldens.At("images"),
            "--batch", "16", "--max-new-tokens", "10", "--ignore-eos", "--json");
        run.Code.Should().Be(0, "{0}", run.Error);
        run.Lines.Should().HaveCount(Cases(model).Count());
        foreach (var (line, expected) in run.Lines.Zip(Cases(model)))
        {
            var answer = JsonDocument.Parse(line).RootElement;
            answer.GetProperty("generated_ids").EnumerateArray().Select(e => e.GetInt32())
                .Should().Equal(expected.GetProperty("generated_ids").EnumerateArray().Select(e => e.GetInt32()));
            answer.GetProperty("text").GetString().Should().Be(expected.GetProperty("text").GetString());
            answer.GetProperty("logprobs").EnumerateArray().Select(e => e.GetDouble()).Should().HaveCount(10).And.OnlyContain(p => p <= 0
                && double.IsFinite(p));
        }
    }

    [Theory, MemberData(nameof(Models))]
    public async Task Question_Streamed_IsTheReferencesText(string model)
    {
        var one = Cases(model).First();
        string[] images = [.. one.GetProperty("images").EnumerateArray().SelectMany(i => new[] { "--image", Goldens.At("images", i.GetString()!) })];
        var run = await CommandRun.Of(["ask", Goldens.At("models", model), .. images, one.GetProperty("question").GetString()!, "--max-new-tokens", "10",
            "--ignore-eos"]);
        run.Code.Should().Be(0, "{0}", run.Error);
        // A terminal gets no control character from a model: this one's answers have some.
        run.Output.Should().Be(string.Concat(one.GetProperty("text").GetString()!.Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? ' ' : c)) + "\n");
    }

    [Fact]
    public async Task Samples_WithASeed_AreTheSameWhateverTheBatch()
    {
        var model = Goldens.Folders("models").First();
        using var folder = new TemporaryFolder();
        var requests = Requests(folder, model);
        var runs = new List<string[]>();
        foreach (var batch in new[] { "1", "3" })
        {
            var run = await CommandRun.Of("ask", Goldens.At("models", model), "--requests", requests, "--images", Goldens.At("images"), "--batch", batch,
                "--max-new-tokens", "3", "--temperature", "0.7", "--top-p", "0.9", "--samples", "4", "--seed", "11", "--json");
            run.Code.Should().Be(0, "{0}", run.Error);
            runs.Add([.. run.Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("generated_ids").GetRawText())]);
        }
        runs[0].Should().Equal(runs[1]).And.HaveCount(4 * Cases(model).Count());
        runs[0].Distinct().Should().HaveCountGreaterThan(1, "samples of a random model differ");
    }

    [Fact]
    public async Task Requests_APictureThatCannotBeRead_IsNamedWithItsLine()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.tiff", "II*\0");
        var requests = folder.Write("requests.jsonl", """{"images": [], "question": "Hello?"}""", """{"images": ["a.tiff"], "question": "What is this?"}""");
        var run = await CommandRun.Of("ask", Goldens.At("models", Goldens.Folders("models").First()), "--requests", requests, "--images", folder.Path);
        run.ShouldBeRefused($"{requests}:2: ", "a TIFF file");
    }

    [Fact]
    public async Task Requests_AQuestionThatSpellsTheImageToken_IsRefusedWithItsLine()
    {
        var model = Goldens.At("models", Goldens.Folders("models").First(name => name.StartsWith("llava", StringComparison.Ordinal)));
        using var folder = new TemporaryFolder();
        var requests = folder.Write("requests.jsonl", """{"images": [], "question": "What does <image> mean?"}""");
        (await CommandRun.Of("ask", model, "--requests", requests)).ShouldBeRefused($"{requests}:1: ", "<image>", "Leave it out");
    }
}
