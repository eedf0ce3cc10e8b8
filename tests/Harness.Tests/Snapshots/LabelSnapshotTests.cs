using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Snapshots;

namespace Vrp.Harness.Tests.Snapshots;

public class LabelSnapshotTests
{
    static LabelSnapshot Of(params string[] labels) => LabelSnapshot.Of(MadeUpStudy.Of(labels: labels), MadeUpStudy.Kernels);

    [Fact]
    public void Text_OneLineAImage_OneLetterAQuestion()
    {
        var text = Of("correct", "wrong", "unparsed", "unjudged").Text;
        text.Should().Contain("\"world_000.png\": \"cw\"").And.Contain("\"world_001.png\": \"u-\"")
            .And.Contain("\"count\": {\"correct\":1,\"unjudged\":1,\"unparsed\":1,\"wrong\":1}");
    }

    [Fact]
    public void Moves_ChangedLabels_AreNamedById() => Of("wrong", "wrong", "correct", "correct").Moves(Of("correct", "wrong", "correct", "unparsed").Text)
        .Should().Equal(new LabelMove("q-0", AnswerStatus.Correct, AnswerStatus.Wrong), new LabelMove("q-3", AnswerStatus.Unparsed, AnswerStatus.Correct));

    /// <summary>A merge by hand: the hash still says that the questions are these.</summary>
    [Theory]
    [InlineData("\"world_001.png\": \"u-\"", "\"world_009.png\": \"u-\"")]
    [InlineData("\"u-\"", "\"u\"")]
    [InlineData("\"u-\"", "null")]
    public void Differences_LineOrLetterLost_IsASnapshotError(string good, string bad)
    {
        var now = Of("correct", "wrong", "unparsed", "unjudged");
        now.Invoking(s => s.Differences(now.Text.Replace(good, bad), MadeUpStudy.Rules)).Should().Throw<SnapshotException>();
    }

    [Fact]
    public void Differences_LostOnesComeFirst()
    {
        var lines = Of("correct", "wrong").Differences(Of("wrong", "correct").Text, MadeUpStudy.Rules).Lines;
        lines.Should().Equal("questions that moved: 2 of 2 (1 lost, 1 won)", "  q-1: correct → wrong", "  q-0: wrong → correct",
            "allowed: 0 (noise floor of labels, cpu-float32)", $"kernels: {MadeUpStudy.Kernels}, as when it was verified");
    }

    [Fact]
    public void Differences_AsManyAsTheFloorAllows_AreNotesOnly()
    {
        var tolerances = MadeUpStudy.Tolerances.With("cuda-bfloat16", new Dictionary<string, double?> { [SnapshotTolerances.Labels] = 1 });
        var verified = Of("correct", "correct", "wrong").Text;
        IReadOnlyList<string> Lines(string profile, params string[] labels) => Of(labels).Differences(verified, new(profile, tolerances)).Lines;
        Lines("cuda-bfloat16", "correct", "wrong", "wrong").Should().BeEmpty();
        Of("correct", "wrong", "wrong").Differences(verified,
            new("cuda-bfloat16", tolerances)).Notes.Should().Equal("within what is allowed: q-1: correct → wrong");
        Lines("cpu-float32", "correct", "wrong", "wrong").Should().NotBeEmpty();
        Lines("cuda-bfloat16", "wrong", "wrong", "wrong").Should().NotBeEmpty();
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void Differences_WithoutAFile_AllowATenthOfTheCountsHalfWidth(int moved, bool isEqual)
    {
        // 4,000 questions, 3,000 right: 1.96 √(4000 · ¾ · ¼) = 53.7, of which a tenth is 5.4.
        string[] verified = [.. Enumerable.Range(0, 4000).Select(i => i % 4 == 0 ? "wrong" : "correct")];
        string[] now = [.. verified.Select((label, i) => i % 4 == 1 && i < 4 * moved ? "wrong" : label)];
        var lines = Of(now).Differences(Of(verified).Text, MadeUpStudy.DefaultRules).Lines;
        (lines.Count == 0).Should().Be(isEqual);
        if (!isEqual) lines.Should().Contain("allowed: 5 (10% of its half-width 53.6768)");
    }

    [Fact]
    public void Differences_OtherQuestions_AreNotMatchedByPlace()
    {
        var study = MadeUpStudy.Of();
        var reworded = study with { Questions = [.. study.Questions.Select(question => question with { Question = question.Question + " Really?" })] };
        var now = LabelSnapshot.Of(reworded, MadeUpStudy.Kernels);
        now.Moves(LabelSnapshot.Of(study, MadeUpStudy.Kernels).Text).Should().BeNull();
        now.Differences(LabelSnapshot.Of(study, MadeUpStudy.Kernels).Text,
            MadeUpStudy.Rules).Lines.Should().Contain(line => line.StartsWith("the questions are others: 4 were verified, 4 came"));
    }

    [Fact]
    public void Differences_ImagesGone_AreNamed() =>
        Of("correct", "wrong").Differences(Of("correct", "wrong", "correct").Text,
            MadeUpStudy.Rules).Lines.Should().Contain("images gone: 1 (world_001.png)");

    [Fact]
    public void Differences_Thousands_ShowsFiftyAndCountsTheRest()
    {
        var lines = Of([.. Enumerable.Repeat("wrong", 120)]).Differences(Of([.. Enumerable.Repeat("correct", 120)]).Text, MadeUpStudy.Rules).Lines;
        lines.Should().HaveCount(1 + LabelSnapshot.Shown + 1 + 2);
        lines[^3].Should().Be("  and 70 more");
    }

    [Fact]
    public void Text_StudySize_IsSmall()
    {
        QuestionResult[] questions = [.. Enumerable.Range(0, 3090).Select(i => MadeUpStudy.Sample($"q-{i}", $"world_{i / 6:0000}.png", "correct"))];
        var text = LabelSnapshot.Of(MadeUpStudy.Of() with { Questions = questions }, MadeUpStudy.Kernels).Text;
        text.Length.Should().BeLessThan(20_000);
        text.Split('\n').Should().Contain("    \"world_0007.png\": \"cccccc\",");
    }

    [Fact]
    public void Of_NoSamples_IsEmptyAndEqualToItself()
    {
        var empty = LabelSnapshot.Of(MadeUpStudy.Of() with { Questions = [] }, MadeUpStudy.Kernels);
        empty.Count.Should().Be(0);
        empty.Differences(empty.Text, MadeUpStudy.Rules).Lines.Should().BeEmpty();
    }

    [Theory]
    [InlineData("x", "*label 'x' is unknown*")]
    [InlineData("\\u0000", "*is unknown*")]
    public void Moves_UnknownLetter_IsNamed(string letter, string said) =>
        ((Action)(() => Of("correct").Moves(Of("correct").Text.Replace("\"c\"", $"\"{letter}\""))))
            .Should().Throw<SnapshotException>().WithMessage(said);
}
