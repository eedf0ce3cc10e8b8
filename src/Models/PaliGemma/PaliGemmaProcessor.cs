using Vrp.Models.Checkpoints;
using Vrp.Models.Images;

namespace Vrp.Models.PaliGemma;

/// <summary>transformers: PaliGemmaProcessor. Image tokens first, then &lt;bos&gt;, the prompt and a newline, which the model was trained to answer
/// after.</summary>
public sealed class PaliGemmaProcessor : Processor
{
    readonly int imageSeqLength;

    internal PaliGemmaProcessor(Checkpoint checkpoint, PaliGemmaConfig config) : base(checkpoint, config)
    {
        if (Tokenizer.TokenToId(PaliGemmaChat.Bos) is null) throw new ProcessorException($"tokenizer.json of {checkpoint.Folder} has no {PaliGemmaChat.Bos}, "
            + "which stands between images and text. Download it again.");
        imageSeqLength = config.VisionConfig.Patches;
        RequireImageSize(checkpoint, config.VisionConfig.ImageSize);
    }

    private protected override int ImageTokens(ProcessedImages processed, int index) => imageSeqLength;

    private protected override int[] Encode(string text, IReadOnlyList<int> imageTokens) =>
        Tokenizer.Encode(Chat.Complete(Expand(text, imageTokens)), addSpecialTokens: false);
}

/// <summary>PaliGemma (google/paligemma-3b-mix-224): a task prefix rather than a chat, <c>&lt;image&gt;answer en QUESTION</c> for visual question answering.
/// The processor then puts <c>&lt;bos&gt;</c> behind the image tokens and a newline at the end.</summary>
/// <param name="task">The task with its language, as the model was trained on it.</param>
public sealed class PaliGemmaChat(string task = "answer en") : ChatFormatter
{
    internal const string Bos = "<bos>";

    /// <inheritdoc/>
    public override string Family => "PaliGemma";

    /// <inheritdoc/>
    public override string ImageToken => "<image>";

    /// <inheritdoc/>
    public override string? Template => null;

    /// <inheritdoc/>
    public override string Complete(string prompt)
    {
        var afterImages = prompt.LastIndexOf(ImageToken, StringComparison.Ordinal) is var last and >= 0 ? last + ImageToken.Length : 0;
        return $"{prompt[..afterImages]}{Bos}{prompt[afterImages..]}\n";
    }

    /// <inheritdoc/>
    protected override string Prompt(string question, int images) => $"{string.Concat(Enumerable.Repeat(ImageToken, images))}{task} {question}";
}
