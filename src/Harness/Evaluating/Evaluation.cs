using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Models;
using Vrp.Models.Generation;
using Vrp.Models.Instrumentation;
using Vrp.Models.Processing.Images;
using static TorchSharp.torch;

namespace Vrp.Harness.Evaluating;

/// <summary>Greedy answers to a question set, in batches, judged as they come: accuracy alone, without anything that a trace keeps.</summary>
/// <param name="model">The model under test.</param>
/// <param name="judge">The rules.</param>
/// <param name="batch">Questions per batch.</param>
/// <param name="maxNewTokens">Longest answer.</param>
public sealed class Evaluation(VisionLanguageModel model, AnswerJudge judge, int batch, int maxNewTokens)
{
    /// <summary>Answers in the order of the data set. Pictures are decoded once as long as their questions are neighbours.</summary>
    public IEnumerable<EvaluatedAnswer> Run(Dataset dataset)
    {
        (string Path, RgbImage Image)? last = null;
        for (var first = 0; first < dataset.Samples.Count; first += batch)
        {
            Sample[] samples = [.. dataset.Samples.Skip(first).Take(batch)];
            var images = new RgbImage[samples.Length];
            for (var i = 0; i < samples.Length; i++)
            {
                if (last is not { } kept || kept.Path != samples[i].ImagePath) last = (samples[i].ImagePath, ImageFile.Read(samples[i].ImagePath));
                images[i] = last.Value.Image;
            }
            foreach (var answer in Answer(samples, images)) yield return answer;
        }
    }

    EvaluatedAnswer[] Answer(Sample[] samples, RgbImage[] images)
    {
        using var off = inference_mode();
        using var scope = NewDisposeScope();
        var inputs = model.Processor.Process([.. samples.Zip(images, (sample, image) => model.Processor.Ask(sample.Question, image))]);
        var result = model.Generate(inputs, new GenerationOptions { MaxNewTokens = maxNewTokens }, new ForwardOptions { Logits = Positions.Last });
        return [.. result.Sequences.Select(sequence =>
        {
            var sample = samples[sequence.Prompt];
            var text = model.Processor.Tokenizer.Decode([.. sequence.Ids], skipSpecialTokens: true).Trim();
            return new EvaluatedAnswer(sample, text, judge.Score(sample, text), sequence.LogProbabilities.Average());
        })];
    }
}
