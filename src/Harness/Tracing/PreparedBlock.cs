using Vrp.Harness.Datasets;
using Vrp.Models;
using Vrp.Models.Configuration;
using Vrp.Models.Images;

namespace Vrp.Harness.Tracing;

/// <summary>A block's prompts and preprocessed images. Made without torch, so that the next block's can be made while the model works on this one.</summary>
/// <param name="Questions">Of the block.</param>
/// <param name="Texts">Prompts in the model's chat format.</param>
/// <param name="Images">The distinct images.</param>
/// <param name="ImageOf">Which of them belongs to each question.</param>
/// <param name="Grids">Of each image.</param>
sealed record PreparedBlock(IReadOnlyList<Question> Questions, IReadOnlyList<string> Texts, ProcessedImages Images, IReadOnlyList<int> ImageOf,
    IReadOnlyList<ImageGrid> Grids)
{
    /// <summary>Reads a block's images one at a time: each is decoded, brought to the model's size and dropped before the next. What a block takes is then at
    /// most two images at full size (the last one and the one being decoded), and 6 bytes per value of its pixel_values.</summary>
    /// <param name="model">For its processor.</param>
    /// <param name="questions">Of the block.</param>
    /// <param name="exif">How images with an EXIF orientation are read.</param>
    public static PreparedBlock Make(VisionLanguageModel model, IReadOnlyList<Question> questions, ExifRule exif) =>
        Make(model.Config, model.Processor, questions, exif);

    /// <summary>The same for a model whose weights were not read.</summary>
    public static PreparedBlock Make(VisionLanguageConfig config, Processor processor, IReadOnlyList<Question> questions, ExifRule exif)
    {
        string[] paths = [.. questions.Select(s => s.ImagePath).Distinct()];
        var images = processor.ImageProcessor.Process(paths.Select(path => ImageFile.Read(path, exif)));
        var grids = paths.Select((_, i) => ImageGrid.Of(config, images, i, processor.CountImageTokens(images, i))).ToArray();
        return new PreparedBlock(questions, [.. questions.Select(s => processor.Format(s.Text, 1))], images,
            [.. questions.Select(s => Array.IndexOf(paths, s.ImagePath))], grids);
    }

    /// <summary>Image tokens of an image.</summary>
    public int TokensOf(int image) => Grids[image].Cells + Grids[image].Extra;
}

/// <summary>The order in which a stage takes its questions, and how they lie in blocks: the questions of one image together, blocks of whole images. Where
/// all images come out alike (LLaVA, PaliGemma) they stay as they first appear. Where they differ (Qwen2-VL) the largest come first, so that a block's
/// prompts are of like length, little of it is padding, and a machine that is too small is found so at once. Results are found by id: readers hand them out
/// in the file's order.</summary>
/// <param name="Questions">In the order of work.</param>
/// <param name="Starts">Index of each block's first question.</param>
sealed record WorkOrder(IReadOnlyList<Question> Questions, IReadOnlyList<int> Starts)
{
    /// <summary>Names the rule that a stage orders by, for its key.</summary>
    public static string RuleOf(ImageProcessor processor) => processor.SizesDiffer ? "whole images, largest first" : "whole images";

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
        return !processor.SizesDiffer ? images : images.OrderByDescending(image =>
        {
            var (width, height) = ImageFile.ReadSize(image.Key);
            return processor.AreaOf(width, height);
        });
    }
}

/// <summary>How one image's image tokens lie over the image.</summary>
/// <param name="Rows">From the top.</param>
/// <param name="Columns">From the left.</param>
/// <param name="Extra">Image tokens before the first cell (a class token).</param>
public sealed record ImageGrid(int Rows, int Columns, int Extra = 0)
{
    /// <summary>Number of cells.</summary>
    public int Cells => Rows * Columns;

    /// <summary>The grid of image <paramref name="index"/> of a batch.</summary>
    /// <param name="config">The model's.</param>
    /// <param name="processed">What the image processor made.</param>
    /// <param name="index">Of the image.</param>
    /// <param name="tokens">Its image tokens, which must be the grid's cells, with or without a class token.</param>
    public static ImageGrid Of(VisionLanguageConfig config, ProcessedImages processed, int index, int tokens)
    {
        var (rows, columns) = config.ImageGrid(processed, index);
        var extra = tokens - rows * columns;
        return extra is 0 or 1 ? new ImageGrid(rows, columns, extra)
            : throw new VrpException($"An image has {tokens} image tokens and a grid of {rows} × {columns}; expected one per cell. The processor's settings "
                + "do not belong to the model's.");
    }
}
