using Vrp.Models.Checkpoints;
using Vrp.Models.Images;

namespace Vrp.Models.PaliGemma;

/// <summary>transformers: PaliGemmaProcessor. Image tokens first, then &lt;bos&gt;, the prompt and a newline, which the model was trained to answer
/// after.</summary>
public sealed class PaliGemmaProcessor : Processor
{
    const string Bos = "<bos>";

    readonly int imageSeqLength;

    internal PaliGemmaProcessor(Checkpoint checkpoint, PaliGemmaConfig config) : base(checkpoint, config)
    {
        if (Tokenizer.TokenToId(Bos) is null) throw new ProcessorException($"tokenizer.json of {checkpoint.Folder} has no {Bos}, "
            + "which stands between images and text. Download it again.");
        imageSeqLength = config.VisionConfig.Patches;
    }

    private protected override int ImageTokens(ProcessedImages processed, int index) => imageSeqLength;

    private protected override int[] Encode(string text, IReadOnlyList<int> imageTokens)
    {
        string expanded = Expand(text, imageTokens);
        int afterImages = expanded.LastIndexOf(ImageToken, StringComparison.Ordinal) is var last and >= 0 ? last + ImageToken.Length : 0;
        return Tokenizer.Encode($"{expanded[..afterImages]}{Bos}{expanded[afterImages..]}\n", addSpecialTokens: false);
    }
}
