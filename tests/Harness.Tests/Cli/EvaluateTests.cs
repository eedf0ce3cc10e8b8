using System.Text.Json;
using Vrp.Models.Tests;

namespace Vrp.Harness.Tests.Cli;

/// <summary><c>vrp evaluate</c> from question file to figures, on a golden checkpoint (which answers nonsense) and the fixture world.</summary>
public class EvaluateTests
{
    static readonly string Checkpoint = Goldens.At("models", Goldens.Folders("models").First());

    [Fact]
    public async Task Evaluate_TwoPictures_WritesAnAnswerPerQuestionAndTheFigures()
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.Of("evaluate", Checkpoint, "--data", Fixtures.At("world", "pope_adversarial.jsonl"), "--limit", "2", "--batch", "5", "--max-new-tokens", "2", "--out", folder.At("answers.jsonl"));
        run.Code.Should().Be(0, "{0}", run.Error);
        run.Output.Should().Contain("12 questions about 2 pictures").And.Contain("accuracy").And.Contain("unparsed");
        var rows = File.ReadAllLines(folder.At("answers.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        rows.Should().HaveCount(12);
        rows.Select(r => r.GetProperty("id").GetString()).Should().OnlyHaveUniqueItems();
        rows.Should().OnlyContain(r => new[] { "right", "wrong", "unparsed" }.Contains(r.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Evaluate_AMissingSet_IsRefused() => (await CommandRun.Of("evaluate", Checkpoint, "--data", "/nowhere.jsonl")).ShouldBeRefused("/nowhere.jsonl");

    [Fact]
    public async Task Evaluate_AnUnknownRule_IsRefused() =>
        (await CommandRun.Of("evaluate", Checkpoint, "--data", Fixtures.At("world", "pope_adversarial.jsonl"), "--yes-no", "maybe")).ShouldBeRefused("strict");
}
