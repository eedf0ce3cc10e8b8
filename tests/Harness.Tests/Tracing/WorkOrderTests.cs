using Vrp.Harness.Datasets;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Tests.Tracing;

public sealed class WorkOrderTests
{
    static Question[] Questions(string pictures) =>
        [.. pictures.Select((picture, i) => new Question($"{i}", $"{picture}", $"/{picture}.png", "?", QuestionKind.YesNo, ["yes"], $"{picture}"))];

    [Theory]
    [InlineData("aabbcc", 6, "aabbcc", "0")]
    [InlineData("abcabc", 6, "aabbcc", "0")]
    [InlineData("abcabc", 4, "aabbcc", "0 4")]
    [InlineData("aaabbbcc", 4, "aaabbbcc", "0 3 6")]
    [InlineData("aaaaabb", 2, "aaaaabb", "0 2 4 5")]
    [InlineData("abac", 1, "aabc", "0 1 2 3")]
    public void Of_Pictures_StayTogetherInBlocksOfAtMostTheSize(string pictures, int blockSize, string ordered, string starts)
    {
        var work = WorkOrder.Of(Questions(pictures), blockSize);

        string.Concat(work.Questions.Select(question => question.Image)).Should().Be(ordered);
        string.Join(' ', work.Starts).Should().Be(starts);
        work.Blocks.Should().OnlyContain(block => block.Count >= 1 && block.Count <= blockSize);
        work.Blocks.SelectMany(block => block).Should().Equal(work.Questions);
        work.Questions.GroupBy(question => question.Image).Should().OnlyContain(picture => picture.Select(question => int.Parse(question.Id)).Order()
            .SequenceEqual(picture.Select(question => int.Parse(question.Id))), "a picture's questions keep their order");
    }

    [Fact]
    public void Of_NoQuestions_HasNoBlocks() => WorkOrder.Of([], 4).Starts.Should().BeEmpty();
}
