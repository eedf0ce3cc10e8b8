using Vrp.Harness.Tests;

namespace Vrp.Cli.Tests;

public sealed class DataCommandTests
{
    [Fact]
    public async Task Check_SetOfTheFixtures_SaysKindsAndThatAllPicturesAreThere()
    {
        var run = await CommandRun.Of("data", "check", Fixtures.At("world", "spatial.jsonl"));
        run.Code.Should().Be(0, run.Error);
        run.Lines[0].Should().StartWith("spatial: the project's own fields, JSON lines; 1,000 questions about ");
        run.Lines[1].Should().StartWith("  spatial: 1,000 questions; gold ");
        run.Lines.Where(line => line.StartsWith("    ", StringComparison.Ordinal)).Should()
            .HaveCount(6, "three examples, each with what becomes of some answers");
        run.Lines[^1].Should().MatchRegex("^  images: all [0-9]+ are there and can be read$");
    }

    [Fact]
    public async Task Check_PicturesMissing_SaysWhatWasUnderstoodAndThenWhatIsMissing()
    {
        var run = await CommandRun.Of("data", "check", Fixtures.At("pope", "coco_pope_random.json"), "--images", Path.GetTempPath());
        run.Code.Should().Be(64);
        run.Output.Should().Contain("yes-no: 3,000 questions; gold no 1,500, yes 1,500");
        run.Error.Should().Contain("500 of 500 images are not in");
    }

    [Fact]
    public async Task Check_GoldThatNoAnswerMatches_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.jsonl", """{"id": "x", "image": "a.png", "question": "What?", "kind": "identify", "answers": ["no entry sign"]}""");
        var run = await CommandRun.Of("data", "check", file);
        run.Code.Should().Be(64);
        run.Error.Should().Contain("no answer can be right").And.Contain("row 1: x, identify: no entry sign");
    }
}
