using Vrp.Harness.Snapshots;

namespace Vrp.Harness.Tests.Snapshots;

public class SampleSnapshotTests
{
    static SampleSnapshot Of(params string[] labels) => SampleSnapshot.Of(MadeUpStudy.Of(labels: labels), MadeUpStudy.Tolerances);

    [Fact]
    public void Text_OneLineAPicture_OneLetterAQuestion()
    {
        var text = Of("correct", "wrong", "unparsed", "unjudged").Text;
        text.Should().Contain("\"world_000.png\": \"cw\"").And.Contain("\"world_001.png\": \"u-\"").And.Contain("\"count\": {\"correct\":1,\"unjudged\":1,\"unparsed\":1,\"wrong\":1}");
    }

    [Fact]
    public void Moves_ChangedLabels_AreNamedById() => Of("wrong", "wrong", "correct", "correct").Moves(Of("correct", "wrong", "correct", "unparsed").Text)
        .Should().Equal(new SampleMove("q-0", "correct", "wrong"), new SampleMove("q-3", "unparsed", "correct"));

    [Fact]
    public void Differences_LostOnesComeFirst()
    {
        var lines = Of("correct", "wrong").Differences(Of("wrong", "correct").Text, MadeUpStudy.Profile);
        lines.Should().Equal("samples that moved: 2 of 2 (1 lost, 1 won)", "  q-1: correct → wrong", "  q-0: wrong → correct");
    }

    [Fact]
    public void Differences_AsManyAsTheProfileAllows_AreEqual()
    {
        var two = SnapshotTolerances.None.With("cuda-bfloat16", new Dictionary<string, double> { [SnapshotTolerances.Labels] = 1 });
        var verified = SampleSnapshot.Of(MadeUpStudy.Of(labels: ["correct", "correct", "wrong"]), two).Text;
        SampleSnapshot Now(params string[] labels) => SampleSnapshot.Of(MadeUpStudy.Of(labels: labels), two);
        Now("correct", "wrong", "wrong").Differences(verified, "cuda-bfloat16").Should().BeEmpty();
        Now("correct", "wrong", "wrong").Differences(verified, "cpu-float32").Should().NotBeEmpty();
        Now("wrong", "wrong", "wrong").Differences(verified, "cuda-bfloat16").Should().NotBeEmpty();
    }

    [Fact]
    public void Differences_OtherQuestions_AreNotMatchedByPlace()
    {
        var study = MadeUpStudy.Of();
        var reworded = study with { Samples = [.. study.Samples.Select(sample => sample with { Question = sample.Question + " Really?" })] };
        var now = SampleSnapshot.Of(reworded, MadeUpStudy.Tolerances);
        now.Moves(SampleSnapshot.Of(study, MadeUpStudy.Tolerances).Text).Should().BeNull();
        now.Differences(SampleSnapshot.Of(study, MadeUpStudy.Tolerances).Text, MadeUpStudy.Profile).Should().Contain(line => line.StartsWith("the questions are others: 4 were verified, 4 came"));
    }

    [Fact]
    public void Differences_PicturesGone_AreNamed() =>
        Of("correct", "wrong").Differences(Of("correct", "wrong", "correct").Text, MadeUpStudy.Profile).Should().Contain("pictures gone: 1 (world_001.png)");

    [Fact]
    public void Differences_Thousands_ShowsFiftyAndCountsTheRest()
    {
        var lines = Of([.. Enumerable.Repeat("wrong", 120)]).Differences(Of([.. Enumerable.Repeat("correct", 120)]).Text, MadeUpStudy.Profile);
        lines.Should().HaveCount(1 + SampleSnapshot.Shown + 1);
        lines[^1].Should().Be("  and 70 more");
    }

    [Fact]
    public void Text_StudySize_IsSmall()
    {
        var text = SampleSnapshot.Of(MadeUpStudy.Of() with { Samples = [.. Enumerable.Range(0, 3090).Select(i => MadeUpStudy.Sample($"q-{i}", $"world_{i / 6:0000}.png", "correct"))] }, SnapshotTolerances.None).Text;
        text.Length.Should().BeLessThan(20_000);
        text.Split('\n').Should().Contain("    \"world_0007.png\": \"cccccc\",");
    }

    [Fact]
    public void Of_UnknownLabel_NamesTheSample() => ((Action)(() => Of("correct", "right"))).Should().Throw<SnapshotException>().WithMessage("sample q-1 has the label \"right\"*");

    [Fact]
    public void Of_NoSamples_IsEmptyAndEqualToItself()
    {
        var empty = SampleSnapshot.Of(MadeUpStudy.Of() with { Samples = [] }, SnapshotTolerances.None);
        empty.Count.Should().Be(0);
        empty.Differences(empty.Text, MadeUpStudy.Profile).Should().BeEmpty();
    }

    [Fact]
    public void Moves_UnknownLetter_IsNamed() =>
        ((Action)(() => Of("correct").Moves(Of("correct").Text.Replace("\"c\"", "\"x\"")))).Should().Throw<SnapshotException>().WithMessage("*label 'x' is unknown*");
}
