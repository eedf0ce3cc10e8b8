using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using Vrp.Models.Images;
using static TorchSharp.torch;

namespace Vrp.Harness.Evaluating;

/// <summary>Greedy answers to a question set, in batches, judged as they come: accuracy alone, without anything that a trace keeps.</summary>
/// <param name="model">The model under test.</param>
/// <param name="judge">The rules.</param>
/// <param name="batch">Questions per batch.</param>
/// <param name="maxNewTokens">Longest answer.</param>
public sealed class Evaluation(VisionLanguageModel model, AnswerScorer judge, int batch, int maxNewTokens)
{
    /// <summary>Answers in the order of the data set. A batch's images are read and encoded once each, however many questions ask about them.</summary>
    public IEnumerable<EvaluatedAnswer> Run(Dataset dataset)
    {
        for (var first = 0; first < dataset.Questions.Count; first += batch)
            foreach (var answer in Answer([.. dataset.Questions.Skip(first).Take(batch)], dataset.Exif))
                yield return answer;
    }

    EvaluatedAnswer[] Answer(Question[] questions, ExifRule exif)
    {
        using var off = inference_mode();
        using var scope = NewDisposeScope();
        var block = PreparedBlock.Make(model, questions, exif);
        var inputs = SharedImages.Inputs(model, block, SharedImages.Encode(model, block.Images));
        var result = model.Generate(inputs, new GenerationOptions { MaxNewTokens = maxNewTokens }, new ForwardOptions { Logits = Positions.Last });
        return [.. result.Sequences.Select(sequence =>
        {
            var question = questions[sequence.Prompt];
            var text = model.Processor.Tokenizer.Decode([.. sequence.Ids], skipSpecialTokens: true).Trim();
            return new EvaluatedAnswer(question, text, judge.Score(question, text), sequence.LogProbabilities.Average());
        })];
    }
}

/// <summary>A question with the model's greedy answer.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Answer">The text, special tokens left out.</param>
/// <param name="Score">What became of it.</param>
/// <param name="LogProbability">Mean natural-log probability of the answer's tokens, the end token included.</param>
public sealed record EvaluatedAnswer(Question Question, string Answer, ScoredAnswer Score, double LogProbability);
