using Vrp.Harness.Datasets;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Tests.Tracing;

public sealed class WorkOrderTests
{
    static Question[] Questions(string images) =>
        [.. images.Select((image, i) => new Question($"{i}", $"{image}", $"/{image}.png", "?", QuestionKind.YesNo, ["yes"], $"{image}"))];

    [Theory]
    [InlineData("aabbcc", 6, "aabbcc", "0")]
    [InlineData("abcabc", 6, "aabbcc", "0")]
    [InlineData("abcabc", 4, "aabbcc", "0 4")]
    [InlineData("aaabbbcc", 4, "aaabbbcc", "0 3 6")]
    [InlineData("aaaaabb", 2, "aaaaabb", "0 2 4 5")]
    [InlineData("abac", 1, "aabc", "0 1 2 3")]
    public void Of_Images_StayTogetherInBlocksOfAtMostTheSize(string images, int blockSize, string ordered, string starts)
    {
        var work = WorkOrder.Of(Questions(images), blockSize);

        string.Concat(work.Questions.Select(question => question.Image)).Should().Be(ordered);
        string.Join(' ', work.Starts).Should().Be(starts);
        work.Blocks.Should().OnlyContain(block => block.Count >= 1 && block.Count <= blockSize);
        work.Blocks.SelectMany(block => block).Should().Equal(work.Questions);
        work.Questions.GroupBy(question => question.Image).Should().OnlyContain(image => image.Select(question => int.Parse(question.Id)).Order()
            .SequenceEqual(image.Select(question => int.Parse(question.Id))), "an image's questions keep their order");
    }

    [Fact]
    public void Of_NoQuestions_HasNoBlocks() => WorkOrder.Of([], 4).Starts.Should().BeEmpty();
}
