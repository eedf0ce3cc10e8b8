using System.Text.Json;
using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Images;
using Vrp.Models.Tokenizing;
using static TorchSharp.torch;

namespace Vrp.Models;

/// <summary>Turns prompts and images into <see cref="ModelInputs"/> as the family's Hugging Face processor does: images to pixel_values, each image token to as
/// many as the image has features, text to ids, shorter prompts padded on the left.</summary>
public abstract class Processor
{
    private protected Processor(Checkpoint checkpoint, VisionLanguageConfig config)
    {
        Tokenizer = HuggingFaceTokenizer.Load(Path.Combine(checkpoint.Folder, "tokenizer.json"));
        ImageProcessor = ImageProcessor.Load(checkpoint.Folder);
        Chat = checkpoint.Family.Chat;
        TemplateWarning = Chat.CheckTemplate(checkpoint.ReadText);
        ImageTokenId = config.ImageTokenId;
        ImageToken = Tokenizer.IdToToken(ImageTokenId)
            ?? throw new ProcessorException($"config.json of {checkpoint.Folder} gives the image token the id {ImageTokenId}, "
                + "which tokenizer.json does not have. Download both again.");
        PadTokenId = ReadPadToken(checkpoint, Tokenizer);
    }

    /// <summary>The processor of a checkpoint's family, from its tokenizer.json, preprocessor_config.json and their companions.</summary>
    public static Processor Load(Checkpoint checkpoint, VisionLanguageConfig config) => ModelFamilies.For(config.ModelType).Processor(checkpoint, config);

    /// <summary>Refuses an image processor whose images the vision tower would not take, before one is made.</summary>
    /// <param name="checkpoint">The checkpoint, for the message.</param>
    /// <param name="side">image_size of config.json's vision_config.</param>
    private protected void RequireImageSize(Checkpoint checkpoint, int side)
    {
        if (ImageProcessor.FixedSize is var (width, height) && (width, height) != (side, side))
            throw new ProcessorException($"preprocessor_config.json of {checkpoint.Folder} makes images of {width} x {height} pixels; expected "
                + $"{side} x {side}, image_size of config.json's vision_config. Download both again.");
    }

    public HuggingFaceTokenizer Tokenizer { get; }
    public ImageProcessor ImageProcessor { get; }
    public ChatFormatter Chat { get; }

    /// <summary>How the checkpoint's own chat template differs from the format used here; null where it does not.</summary>
    public string? TemplateWarning { get; }

    /// <summary>The text of one image in a prompt.</summary>
    public string ImageToken { get; }

    public int ImageTokenId { get; }

    /// <summary>Fills shorter prompts of a batch; the attention mask hides it.</summary>
    public int PadTokenId { get; }

    /// <summary>The family's chat format around a question about <paramref name="images"/> images.</summary>
    public string Format(string question, int images) => Chat.Format(question, images);

    /// <summary>A question and its images as a prompt.</summary>
    public Prompt Ask(string question, params IReadOnlyList<RgbImage> images) => new(Format(question, images.Count), images);

    /// <summary>The inputs of a batch. pixel_values are float32 on the CPU and belong to the result.</summary>
    /// <exception cref="ProcessorException">A prompt's image tokens are not as many as its images.</exception>
    public ModelInputs Process(params IReadOnlyList<Prompt> prompts)
    {
        foreach (var prompt in prompts)
            if (TokensIn(prompt.Text) is var tokens && tokens != prompt.Images.Count)
                throw new ProcessorException($"The prompt has {tokens} × {ImageToken} and {prompt.Images.Count} images; expected one token per image. "
                    + $"Prompt: {prompt.Text}");
        return Process([.. prompts.Select(prompt => prompt.Text)], prompts.SelectMany(prompt => prompt.Images));
    }

    /// <summary>The same with the images as a sequence, which is read once and held one image at a time (<see cref="ImageProcessor.Process"/>).</summary>
    /// <param name="texts">Prompts in the chat format (<see cref="Format"/>); each image token is the place of the next image.</param>
    /// <param name="images">As many as the texts have image tokens.</param>
    public ModelInputs Process(IReadOnlyList<string> texts, IEnumerable<RgbImage> images)
    {
        if (texts.Count == 0) throw new ProcessorException("There is no prompt; expected at least one.");
        int[] tokens = [.. texts.Select(TokensIn)];
        var processed = tokens.Sum() == 0 ? null : ImageProcessor.Process(images);
        if (processed is not null && processed.Count != tokens.Sum())
            throw new ProcessorException($"The {texts.Count} prompts have {tokens.Sum()} × {ImageToken} and {processed.Count} images; "
                + "expected one token per image.");
        var image = 0;
        var ids = new List<int[]>();
        foreach (var (text, count) in texts.Zip(tokens))
        {
            ids.Add(Encode(text, [.. Enumerable.Range(image, count).Select(i => ImageTokens(processed!, i))]));
            image += count;
        }
        var (inputIds, attentionMask) = PadLeft(ids);
        return new ModelInputs(inputIds, attentionMask, Pixels(processed), Grid(processed));
    }

    int TokensIn(string text) => text.Split(ImageToken).Length - 1;

    /// <summary>The inputs of prompts with one image each, several of which may share one: ids, mask and grid without pixel_values, for <see
    /// cref="ModelInputs.ImageFeatures"/>.</summary>
    /// <param name="texts">Prompts in the chat format (<see cref="Format"/>).</param>
    /// <param name="processed">The distinct images.</param>
    /// <param name="imageOf">Which of them belongs to each prompt.</param>
    public ModelInputs ProcessShared(IReadOnlyList<string> texts, ProcessedImages processed, IReadOnlyList<int> imageOf)
    {
        if (texts.Count == 0 || texts.Count != imageOf.Count)
            throw new ProcessorException($"There are {texts.Count} prompts and images of {imageOf.Count}; expected one image for each of at least one prompt.");
        var ids = texts.Select((text, i) => Encode(text, [ImageTokens(processed, imageOf[i])])).ToList();
        var (inputIds, attentionMask) = PadLeft(ids);
        long[,]? grid = null;
        if (processed.ImageGridThw is { } flat)
        {
            grid = new long[texts.Count, 3];
            for (var i = 0; i < texts.Count; i++)
                for (var axis = 0; axis < 3; axis++) grid[i, axis] = flat[3 * imageOf[i] + axis];
        }
        return new ModelInputs(inputIds, attentionMask, imageGridThw: grid);
    }

    /// <summary>How many image tokens, and so image features, image <paramref name="index"/> of a batch becomes.</summary>
    public int CountImageTokens(ProcessedImages processed, int index) => ImageTokens(processed, index);

    /// <summary>How many features image <paramref name="index"/> of the batch becomes.</summary>
    private protected abstract int ImageTokens(ProcessedImages processed, int index);

    /// <summary>Ids of a prompt whose i-th image token becomes <paramref name="imageTokens"/>[i].</summary>
    private protected abstract int[] Encode(string text, IReadOnlyList<int> imageTokens);

    /// <summary>The text with its i-th image token repeated as many times as given.</summary>
    private protected string Expand(string text, IReadOnlyList<int> imageTokens)
    {
        var parts = text.Split(ImageToken);
        return string.Concat(parts.Select((part, i) => i == 0 ? part : string.Concat(Enumerable.Repeat(ImageToken, imageTokens[i - 1])) + part));
    }

    (long[,] InputIds, long[,] AttentionMask) PadLeft(List<int[]> rows)
    {
        var length = rows.Max(row => row.Length);
        var (ids, mask) = (new long[rows.Count, length], new long[rows.Count, length]);
        for (var row = 0; row < rows.Count; row++)
            for (int t = 0, pad = length - rows[row].Length; t < length; t++)
                (ids[row, t], mask[row, t]) = t < pad ? (PadTokenId, 0) : (rows[row][t - pad], 1);
        return (ids, mask);
    }

    static Tensor? Pixels(ProcessedImages? processed) => processed is null ? null : tensor(processed.PixelValues, processed.Shape);

    static long[,]? Grid(ProcessedImages? processed)
    {
        if (processed?.ImageGridThw is not { } flat) return null;
        var grid = new long[flat.Length / 3, 3];
        Buffer.BlockCopy(flat, 0, grid, 0, flat.Length * sizeof(long));
        return grid;
    }

    /// <summary>The pad token that tokenizer_config.json names, else pad_token_id of generation_config.json or config.json.</summary>
    static int ReadPadToken(Checkpoint checkpoint, HuggingFaceTokenizer tokenizer)
    {
        if (checkpoint.ReadText("tokenizer_config.json") is { } text)
        {
            var config = ConfigSection.Parse(text, Path.Combine(checkpoint.Folder, "tokenizer_config.json"));
            var token = !config.Has("pad_token") ? null : config.Json.GetProperty("pad_token").ValueKind == JsonValueKind.Object
                ? config.Section("pad_token").StringOrNull("content") : config.String("pad_token");
            if (token is not null)
                return tokenizer.TokenToId(token) ?? throw config.Unusable("pad_token", "a token of tokenizer.json");
        }
        var ofConfig = checkpoint.Settings.Int("pad_token_id", 0);
        return checkpoint.ReadText("generation_config.json") is { } generation
            ? ConfigSection.Parse(generation, Path.Combine(checkpoint.Folder, "generation_config.json")).Int("pad_token_id", ofConfig) : ofConfig;
    }
}

/// <summary>One prompt: text in the family's chat format, with one image token per image (<see cref="Processor.Format"/> makes it from a question), and its
/// images in order.</summary>
public sealed record Prompt(string Text, IReadOnlyList<RgbImage> Images);

/// <summary>Prompts and images that do not go together.</summary>
public sealed class ProcessorException(string message) : VrpException(message);
