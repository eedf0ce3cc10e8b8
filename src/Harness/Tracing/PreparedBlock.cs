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
    /// <param name="exif">What happens to images that lie on their side.</param>
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
