using System.Text.Json;
using Vrp.Models.Tests;

namespace Vrp.Cli.Tests;

/// <summary><c>vrp evaluate</c> from question file to figures, on a golden checkpoint (which answers nonsense) and the fixture world.</summary>
public class EvaluateTests
{
    static readonly string Checkpoint = Goldens.At("models", Goldens.Folders("models").First());

    [Fact]
    public async Task Evaluate_TwoPictures_WritesAnAnswerPerQuestionAndTheFigures()
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.Of("evaluate", Checkpoint, "--data", Fixtures.At("world", "pope_adversarial.jsonl"), "--limit", "2", "--batch", "5",
            "--max-new-tokens", "2", "--out", folder.At("answers.jsonl"));
        run.Code.Should().Be(0, "{0}", run.Error);
        run.Output.Should().Contain("12 questions about 2 images").And.Contain("accuracy").And.Contain("unparsed");
        var rows = File.ReadAllLines(folder.At("answers.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        rows.Should().HaveCount(12);
        rows.Select(r => r.GetProperty("id").GetString()).Should().OnlyHaveUniqueItems();
        rows.Should().OnlyContain(r => new[] { "correct", "wrong", "unparsed" }.Contains(r.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Evaluate_AMissingSet_IsRefused() =>
        (await CommandRun.Of("evaluate", Checkpoint, "--data", "/nowhere.jsonl")).ShouldBeRefused("/nowhere.jsonl");

    [Fact]
    public async Task Evaluate_AnUnknownRule_IsRefused() =>
        (await CommandRun.Of("evaluate", Checkpoint, "--data", Fixtures.At("world", "pope_adversarial.jsonl"), "--yes-no", "maybe")).ShouldBeRefused("strict");

    [Fact]
    public async Task Evaluate_APictureOnItsSide_IsSaidOnceAndTurnedWhenAsked()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.jsonl", [.. Enumerable.Range(0, 3).Select(i =>
            $$"""{"id": "{{i}}", "image": "exif_orientation6.jpg", "question": "Is it {{i}}?", "kind": "yes-no", "answers": ["yes"]}""")]);
        string[] command = ["evaluate", Checkpoint, "--data", file, "--images", Goldens.At("images", "variants"), "--max-new-tokens", "1"];

        var stored = await CommandRun.Of([.. command, "--out", folder.At("stored.jsonl")]);
        var turned = await CommandRun.Of([.. command, "--exif", "transpose", "--out", folder.At("turned.jsonl")]);

        (stored.Code, turned.Code).Should().Be((0, 0), "{0}{1}", stored.Error, turned.Error);
        stored.Error.Split("1 with an EXIF orientation (not turned").Should().HaveCount(2, "it is said once");
        turned.Error.Should().Contain("1 with an EXIF orientation (turned upright)");
        double[] Confidence(string answers) =>
            [.. File.ReadAllLines(folder.At(answers)).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("mean_logprob").GetDouble())];
        Confidence("turned.jsonl").Should().NotEqual(Confidence("stored.jsonl"), "the model was shown another picture");
    }

    [Fact]
    public async Task Evaluate_AnUnknownExifRule_IsRefused() =>
        (await CommandRun.Of("evaluate", Checkpoint, "--data", Fixtures.At("world", "pope_adversarial.jsonl"), "--exif",
            "sideways")).ShouldBeRefused("sideways", "transpose");
}
