using Vrp.Harness.Datasets;

namespace Vrp.Harness.Tracing;

/// <summary>The order in which a stage takes its questions, and how they lie in blocks: the questions of one image together, images as they first appear,
/// blocks of whole images. It follows from the questions and the block size alone. Results are found by id: readers hand them out in the file's
/// order.</summary>
/// <param name="Questions">In the order of work.</param>
/// <param name="Starts">Index of each block's first question.</param>
sealed record WorkOrder(IReadOnlyList<Question> Questions, IReadOnlyList<int> Starts)
{
    /// <summary>Names this rule in a stage's key.</summary>
    public const string Name = "whole images";

    /// <summary>Each block's questions.</summary>
    public IEnumerable<IReadOnlyList<Question>> Blocks =>
        Starts.Select((start, block) => Questions.Skip(start).Take((block + 1 < Starts.Count ? Starts[block + 1] : Questions.Count) - start).ToArray());

    /// <param name="questions">In the file's order.</param>
    /// <param name="blockSize">Most questions of a block; an image with more fills several.</param>
    public static WorkOrder Of(IReadOnlyList<Question> questions, int blockSize)
    {
        var (ordered, starts) = (new List<Question>(), new List<int>());
        foreach (var image in questions.GroupBy(question => question.ImagePath))
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
}
