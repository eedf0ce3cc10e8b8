using Vrp.Harness.Datasets;
using Vrp.Harness.Tracing;
using Vrp.Models.Images;
using Vrp.Models.Tests;

namespace Vrp.Harness.Tests.Tracing;

public sealed class WorkOrderTests
{
    static readonly ImageProcessor Alike = ImageProcessor.FromJson("""{"image_processor_type": "SiglipImageProcessor"}"""),
        Different = ImageProcessor.FromJson("""{"image_processor_type": "Qwen2VLImageProcessor"}""");

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
        var work = WorkOrder.Of(Questions(images), blockSize, Alike);

        string.Concat(work.Questions.Select(question => question.Image)).Should().Be(ordered);
        string.Join(' ', work.Starts).Should().Be(starts);
        work.Blocks.Should().OnlyContain(block => block.Count >= 1 && block.Count <= blockSize);
        work.Blocks.SelectMany(block => block).Should().Equal(work.Questions);
        work.Questions.GroupBy(question => question.Image).Should().OnlyContain(image => image.Select(question => int.Parse(question.Id)).Order()
            .SequenceEqual(image.Select(question => int.Parse(question.Id))), "an image's questions keep their order");
    }

    [Fact]
    public void Of_NoQuestions_HasNoBlocks() => WorkOrder.Of([], 4, Alike).Starts.Should().BeEmpty();

    [Fact]
    public void Of_ImagesThatComeOutInDifferentSizes_LargestFirstAndEqualsAsTheyAppear()
    {
        string[] names = ["horse.png", "coffee.png", "retina.jpg", "coffee.png", "astronaut.png", "horse.png"];
        Question[] questions = [.. names.Select((name, i) =>
            new Question($"{i}", name, Goldens.At("images", name), "?", QuestionKind.YesNo, ["yes"], name))];
        string Order(ImageProcessor processor) => string.Join(' ', WorkOrder.Of(questions, 2, processor).Questions.Select(question => question.Id));
        long Area(string name)
        {
            var (width, height) = ImageFile.ReadSize(Goldens.At("images", name));
            return Different.AreaOf(width, height);
        }

        Order(Alike).Should().Be("0 5 1 3 2 4");
        Order(Different).Should().Be(string.Join(' ', ((string[])["0 5", "1 3", "2", "4"]).OrderByDescending(ids => Area(names[ids[0] - '0']))));
        Area("retina.jpg").Should().BeGreaterThan(Area("horse.png"), "or the order shows nothing");
        WorkOrder.RuleOf(Different).Should().NotBe(WorkOrder.RuleOf(Alike), "what is stored in another order has another key");
    }

    [Fact]
    public void Of_AnImageThatIsNotThere_IsNamed() =>
        FluentActions.Invoking(() => WorkOrder.Of(Questions("ab"), 2, Different)).Should().Throw<ImageException>().WithMessage("*/a.png*");
}
