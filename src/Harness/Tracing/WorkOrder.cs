using Vrp.Harness.Datasets;
using Vrp.Models.Images;

namespace Vrp.Harness.Tracing;

/// <summary>The order in which a stage takes its questions, and how they lie in blocks: the questions of one image together, blocks of whole images. Where
/// all images come out alike (LLaVA, PaliGemma) they stay as they first appear. Where they differ (Qwen2-VL) the largest come first, so that a block's
/// prompts are of like length, little of it is padding, and a machine that is too small is found so at once. Results are found by id: readers hand them out
/// in the file's order.</summary>
/// <param name="Questions">In the order of work.</param>
/// <param name="Starts">Index of each block's first question.</param>
sealed record WorkOrder(IReadOnlyList<Question> Questions, IReadOnlyList<int> Starts)
{
    /// <summary>Names the rule that a stage orders by, for its key.</summary>
    public static string RuleOf(ImageProcessor processor) => processor.AreaOf(1, 1) is null ? "whole images" : "whole images, largest first";

    /// <summary>Each block's questions.</summary>
    public IEnumerable<IReadOnlyList<Question>> Blocks =>
        Starts.Select((start, block) => Questions.Skip(start).Take((block + 1 < Starts.Count ? Starts[block + 1] : Questions.Count) - start).ToArray());

    /// <param name="questions">In the file's order.</param>
    /// <param name="blockSize">Most questions of a block; an image with more fills several.</param>
    /// <param name="processor">The model's: where its images differ in size, those of a size go together.</param>
    public static WorkOrder Of(IReadOnlyList<Question> questions, int blockSize, ImageProcessor processor)
    {
        var (ordered, starts) = (new List<Question>(), new List<int>());
        foreach (var image in Images(questions, processor))
        {
            Question[] own = [.. image];
            for (var at = 0; at < own.Length; at += blockSize)
            {
                var count = Math.Min(blockSize, own.Length - at);
                if (starts.Count == 0 || ordered.Count - starts[^1] + count > blockSize) starts.Add(ordered.Count);
                ordered.AddRange(own.AsSpan(at, count));
            }
        }
        return new WorkOrder(ordered, starts);
    }

    static IEnumerable<IGrouping<string, Question>> Images(IReadOnlyList<Question> questions, ImageProcessor processor)
    {
        var images = questions.GroupBy(question => question.ImagePath);
        if (processor.AreaOf(1, 1) is null) return images;
        return images.OrderByDescending(image => ImageFile.ReadSize(image.Key) is var (width, height) ? processor.AreaOf(width, height) : null);
    }
}
