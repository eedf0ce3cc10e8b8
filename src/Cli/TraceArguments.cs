using System.CommandLine;
using Vrp.Harness.Tracing;

namespace Vrp.Cli;

/// <summary>The options of a trace, shared by the commands that make one.</summary>
sealed class TraceArguments
{
    static readonly TraceOptions Defaults = new();

    readonly Option<int> samples = new("--k") { Description = "Sampled answers per question.", DefaultValueFactory = _ => Defaults.Samples };
    readonly Option<double> temperature = new("--temperature") { Description = "Of the sampled answers.", DefaultValueFactory = _ => Defaults.Temperature };
    readonly Option<double> topP = new("--top-p") { Description = "Of the sampled answers.", DefaultValueFactory = _ => Defaults.TopP };
    readonly Option<long> seed = new("--seed") { Description = "Of the sampled answers.", DefaultValueFactory = _ => 0 };
    readonly Option<int> maxNewTokens = new("--max-new-tokens") { Description = "Longest answer in tokens.", DefaultValueFactory = _ => Defaults.MaxNewTokens };
    readonly Option<int> block = new("--block") { Description = "Most questions of a block, which is one batch of whole images; part of the trace's key.",
        DefaultValueFactory = _ => Defaults.BlockSize };
    readonly Option<bool> wide = new("--wide-states") { Description = "Keep states as float32 instead of float16." };
    readonly Option<bool> answerAttention = new("--answer-attention") { Description = "Also keep attention as the mean over the answer's tokens." };
    readonly Option<bool> greyLens = new("--grey-lens") { Description = "Also keep the logit lens with an image of the mean colour (one more prefill)." };

    readonly Option<bool> plain = PlainOption();

    public IReadOnlyList<Symbol> All => [samples, temperature, topP, seed, maxNewTokens, block, wide, answerAttention, greyLens, plain];

    /// <summary>The option of every stage that reads prompts.</summary>
    public static Option<bool> PlainOption() => new("--no-prefix-sharing")
    {
        Description = "Read every prompt in full, also where questions about one image could share its part (LLaVA, Qwen2-VL). "
            + "For comparison: the results differ in the last bits alone.",
    };

    public TraceOptions Read(ParseResult result) => new()
    {
        Samples = result.GetValue(samples),
        Temperature = result.GetValue(temperature),
        TopP = result.GetValue(topP),
        Seed = unchecked((ulong)result.GetValue(seed)),
        MaxNewTokens = result.GetValue(maxNewTokens),
        BlockSize = result.GetValue(block),
        WideStates = result.GetValue(wide),
        AnswerAttention = result.GetValue(answerAttention),
        GreyLens = result.GetValue(greyLens),
        PrefixSharing = !result.GetValue(plain),
    };
}
