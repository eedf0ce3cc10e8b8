using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using Vrp.Models.Images;
using static TorchSharp.torch;

namespace Vrp.Harness.Evaluating;

/// <summary>Greedy answers to a question set, scored as they come: accuracy alone, without anything that a trace keeps.</summary>
/// <param name="model">The model under test.</param>
/// <param name="scorer">The rules by which answers are scored.</param>
/// <param name="batch">Questions per batch.</param>
/// <param name="maxNewTokens">Longest answer, in tokens.</param>
/// <param name="sharing">Where attention is causal, what the prompts about one image begin with is read once. False: every prompt is read in full.</param>
public sealed class Evaluation(VisionLanguageModel model, AnswerScorer scorer, int batch, int maxNewTokens, bool sharing = true)
{
    /// <summary>Answers in the order of the data set. Questions about one image go into one batch, wherever they are in the file, and the image is read and
    /// encoded once for all of them; an answer is handed out when all before it are there.</summary>
    public IEnumerable<EvaluatedAnswer> Run(Dataset dataset)
    {
        var waiting = new Dictionary<string, EvaluatedAnswer>();
        var next = 0;
        foreach (var questions in WorkOrder.Of(dataset.Questions, batch).Blocks)
        {
            foreach (var answer in Answer(questions, dataset.Exif)) waiting.Add(answer.Question.Id, answer);
            while (next < dataset.Questions.Count && waiting.Remove(dataset.Questions[next].Id, out var ready))
            {
                yield return ready;
                next++;
            }
        }
    }

    EvaluatedAnswer[] Answer(IReadOnlyList<Question> questions, ExifRule exif)
    {
        using var off = inference_mode();
        using var scope = NewDisposeScope();
        var block = PreparedBlock.Make(model, questions, exif);
        using var prefill = SharedImages.Read(model, block, SharedImages.Encode(model, block.Images), maxNewTokens, new ForwardOptions { Logits = Positions.Last },
            sharing);
        return [.. prefill.Generate(new GenerationOptions { MaxNewTokens = maxNewTokens }).Sequences.Select(sequence =>
        {
            var question = questions[sequence.Prompt];
            var text = model.Processor.Tokenizer.Decode([.. sequence.Ids], skipSpecialTokens: true).Trim();
            return new EvaluatedAnswer(question, text, scorer.Score(question, text), sequence.LogProbabilities.Average());
        })];
    }
}

/// <summary>A question with the model's greedy answer.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Answer">The text, special tokens left out.</param>
/// <param name="Score">Correct, wrong, unparsed or unjudged, and what was read in the answer.</param>
/// <param name="LogProbability">Mean natural-log probability of the answer's tokens, the end token included.</param>
public sealed record EvaluatedAnswer(Question Question, string Answer, ScoredAnswer Score, double LogProbability);
