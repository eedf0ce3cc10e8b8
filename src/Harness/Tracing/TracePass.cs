using System.Text.Json;
using TorchSharp;
using Vrp.Harness.Datasets;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Harness.Tracing;

/// <summary>One pass over one block: one encoding per image, one prefill per image where attention is causal (else one per question), and everything else from
/// that prefill's cache and captures.</summary>
sealed class TracePass(VisionLanguageModel model, TraceOptions options, AnswerWords words, TruthTokens truths, PhaseClock clock)
{
    static readonly Capture[] LensCaptures = [new("blocks.*.resid_post", Positions.Last)];

    static readonly Capture[] Captures =
        [.. LensCaptures, new("blocks.*.mlp.out", Positions.Last), new("blocks.*.attn.out", Positions.Last), new("blocks.*.attn.pattern", Positions.Last)];

    /// <summary>The block's records and arrays, ready to be stored.</summary>
    public (IReadOnlyList<string> Records, IReadOnlyList<StoredArray> Arrays) Run(PreparedBlock block)
    {
        using var grad = inference_mode();
        using var scope = NewDisposeScope();
        var arrays = new TraceTensors(model, block, options.WideStates);

        using var encoding = clock.Enter("images");
        var features = SharedImages.Encode(model, block.Images);
        clock.Next("prefill");
        using var prefill = Read(block, features, Room, Captures);
        var logits = HostLogits(prefill);
        clock.Next("greedy");
        var greedy = prefill.Generate(new GenerationOptions { MaxNewTokens = options.MaxNewTokens }).Sequences;
        clock.Next("samples");
        var sampled = options.Sampling is { } sampling
            ? prefill.Generate(new GenerationOptions { MaxNewTokens = options.MaxNewTokens, Sampling = sampling, Samples = options.Samples,
                SampleIds = [.. block.Questions.Select(SeedOf)] }).Sequences
            : [];
        clock.Next("lens");
        var compared = block.Questions.Select((question, i) => truths.Choose(question, Row(logits, i))).ToArray();
        arrays.AddStates(prefill.Trace);
        arrays.AddAttention("attention", prefill.Trace, prefill);
        arrays.AddMargins("lens_margin", prefill.Trace, compared, logits);
        arrays.AddAttributions(prefill.Trace, compared);
        if (options.AnswerAttention)
        {
            clock.Next("answer attention");
            arrays.AddAnswerAttention(prefill, greedy);
        }
        if (options.GreyLens)
        {
            clock.Next("grey lens");
            var without = SharedImages.Grey(block);
            using var grey = Read(without, SharedImages.Encode(model, without.Images), 1, LensCaptures);
            arrays.AddMargins("grey_margin", grey.Trace, compared, HostLogits(grey));
        }
        clock.Next("records");
        return ([.. block.Questions.Select((question, i) => Record(block, i, Row(logits, i), greedy[i], sampled, compared[i]))], arrays.All);
    }

    Prefill Read(PreparedBlock block, Tensor features, int room, IReadOnlyList<Capture> captures) => SharedImages.Read(model, block, features, room,
        new ForwardOptions { Captures = captures, Logits = Positions.Last, CapturesToHost = false }, options.PrefixSharing);

    /// <summary>What identifies a question in the random draws: the same in any batch, order, shard or data set.</summary>
    internal static long SeedOf(Question question) => SeedOf(question.Id);

    internal static long SeedOf(string id) => BitConverter.ToInt64(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(id)));

    /// <summary>Answer tokens that the cache must hold: the last one is read only to see what it attends to.</summary>
    int Room => options.MaxNewTokens + (options.AnswerAttention ? 1 : 0);

    ReadOnlySpan<float> Row(float[] logits, int row) => logits.AsSpan(row * model.VocabularySize, model.VocabularySize);

    static float[] HostLogits(Prefill prefill)
    {
        using var scope = NewDisposeScope();
        return prefill.PromptLogits.select(1, prefill.PromptLogits.shape[1] - 1).to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    string Record(PreparedBlock block, int row, ReadOnlySpan<float> logits, GeneratedSequence greedy, IReadOnlyList<GeneratedSequence> sampled,
        (int First, int Second)? compared)
    {
        var question = block.Questions[row];
        var grid = block.Grids[block.ImageOf[row]];
        var first = FirstTokenReading.Of(logits, options.Sampling, words, question.Id);
        var samples = Enumerable.Range(row * options.Samples, options.Samples).Select(i => new SampledAnswer(Text(sampled[i]), sampled[i].Ids)).ToArray();
        // A log-probability is at most 0; the difference of two rounded numbers that it is may lie an ulp above.
        float[] logProbabilities = [.. greedy.LogProbabilities.Select(p => Math.Min(p, 0))];
        return JsonSerializer.Serialize(new TraceLine(question.Id, question.Image, question.Text, Text(greedy), [.. greedy.Ids], logProbabilities, greedy.Ended,
            samples,
            TokenLine.From(first.Top), TokenLine.From(first.Nucleus), first.Entropy, (float)first.PYes, (float)first.PNo, TruthTokens.IsYesNo(question),
            compared is { } two ? [two.First, two.Second] : null, [grid.Rows, grid.Columns]), Json.Line);
    }

    string Text(GeneratedSequence sequence) => model.Processor.Tokenizer.Decode([.. sequence.Ids], skipSpecialTokens: true);
}
