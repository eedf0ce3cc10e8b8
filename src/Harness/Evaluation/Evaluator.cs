using TorchSharp;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Models;
using Vrp.Models.Generation;
using Vrp.Models.Instrumentation;
using Vrp.Models.Processing;
using Vrp.Models.Processing.Images;
using static TorchSharp.torch;

namespace Vrp.Harness.Evaluation;

/// <summary>Asks a model every question of a data set and judges its answers.</summary>
public static class Evaluator
{
    /// <summary>The answers in the data set's order, one batch at a time, so that a caller can print or write them as they come.</summary>
    public static IEnumerable<EvaluatedAnswer> Run(VisionLanguageModel model, Dataset dataset, EvaluationOptions? options = null)
    {
        options ??= new EvaluationOptions();
        var judge = AnswerJudge.For(dataset);
        var pictures = new Dictionary<string, RgbImage>(StringComparer.Ordinal);
        foreach (var chunk in dataset.Samples.Chunk(options.BatchSize))
        {
            // Questions about one picture mostly stand together: only this batch's pictures are kept.
            var previous = pictures;
            pictures = chunk.Select(s => s.ImagePath).Distinct()
                .ToDictionary(path => path, path => options.Instead ?? previous.GetValueOrDefault(path) ?? ImageFile.Read(path), StringComparer.Ordinal);
            foreach (var answer in Ask(model, chunk, pictures, judge, options)) yield return answer;
        }
    }

    static List<EvaluatedAnswer> Ask(VisionLanguageModel model, Sample[] samples, Dictionary<string, RgbImage> pictures, AnswerJudge judge, EvaluationOptions options)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var inputs = model.Processor.Process([.. samples.Select(s => model.Processor.Ask(s.Question, pictures[s.ImagePath]))]);
        using var prefill = model.Prefill(inputs, options.MaxNewTokens, new ForwardOptions { Logits = Positions.Last });
        var greedy = prefill.Generate(new GenerationOptions { MaxNewTokens = options.MaxNewTokens }).Sequences;
        var sampled = options.Samples == 0 ? [] : prefill.Generate(new GenerationOptions
        {
            MaxNewTokens = options.MaxNewTokens, Sampling = options.Sampling, Samples = options.Samples, SampleIds = [.. samples.Select(s => (long)s.Row)],
        }).Sequences;
        string Text(GeneratedSequence sequence) => model.Processor.Tokenizer.Decode([.. sequence.Ids], skipSpecialTokens: true).Trim();
        var texts = sampled.ToLookup(s => s.Prompt, Text);
        return [.. greedy.Select(g => new EvaluatedAnswer(
            samples[g.Prompt], Text(g), g.LogProbabilities.Sum(p => (double)p), judge.Score(samples[g.Prompt], Text(g)), [.. texts[g.Prompt]]))];
    }
}
