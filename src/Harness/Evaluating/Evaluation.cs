using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Statistics;
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
        foreach (var questions in WorkOrder.Of(dataset.Questions, batch, model.Processor.ImageProcessor).Blocks)
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
        using var prefill = SharedImages.Read(model, block, SharedImages.Encode(model, block.Images), maxNewTokens,
            new ForwardOptions { Logits = Positions.Last }, sharing);
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

/// <summary>The figures of one kind of question. Intervals: 95 %, percentile bootstrap of whole images.</summary>
/// <param name="Kind">Kind of question.</param>
/// <param name="Figures">Name and estimate; for yes-no questions POPE's five (Li et al. 2023, arXiv:2305.10355): accuracy, precision, recall, F1 of "yes",
/// yes-rate.</param>
/// <param name="Undefined">Figures that these answers do not have (no answer was yes: no precision), with the reason.</param>
/// <param name="Unparsed">Answers that say nothing that the rule understands; they count as wrong.</param>
/// <param name="Unjudged">Answers that need a judgement made elsewhere; they are in no figure.</param>
public sealed record KindFigures(QuestionKind Kind, IReadOnlyList<(string Name, Estimate Estimate)> Figures,
    IReadOnlyList<(string Name, string Reason)> Undefined, int Unparsed, int Unjudged)
{
    public const int Draws = 2000;

    /// <summary>Per kind, in the order of <see cref="QuestionKind"/>.</summary>
    public static IReadOnlyList<KindFigures> Of(IEnumerable<EvaluatedAnswer> answers, ulong seed = 0) =>
        [.. answers.GroupBy(a => a.Question.Kind).OrderBy(g => g.Key).Select(g => OfKind(g.Key, [.. g], seed))];

    static KindFigures OfKind(QuestionKind kind, EvaluatedAnswer[] all, ulong seed)
    {
        EvaluatedAnswer[] rows = [.. all.Where(a => a.Score.Status != AnswerStatus.Unjudged)];
        var figures = new List<(string, Estimate)>();
        var undefined = new List<(string, string)>();
        var unparsed = rows.Count(a => a.Score.Status == AnswerStatus.Unparsed);
        if (rows.Length > 0)
        {
            var groups = Groups.From(rows.Select(a => a.Question.Group));
            bool[] right = [.. rows.Select(a => a.Score.Correct)];
            Add("accuracy", [.. right.Select(r => r ? 1.0 : 0)], Ones(rows.Length), "");
            if (kind == QuestionKind.YesNo)
            {
                bool[] said = [.. rows.Select(a => a.Score.Parsed == "yes")], gold = [.. rows.Select(a => a.Question.Answers[0] == "yes")];
                double[] both = [.. said.Zip(gold, (s, g) => s && g ? 1.0 : 0)];
                Add("precision", both, [.. said.Select(s => s ? 1.0 : 0)], "no answer is yes");
                Add("recall", both, [.. gold.Select(g => g ? 1.0 : 0)], "no gold answer is yes");
                Add("f1", [.. both.Select(b => 2 * b)], [.. said.Zip(gold, (s, g) => (s ? 1.0 : 0) + (g ? 1.0 : 0))],
                    "neither an answer nor a gold answer is yes");
                Add("yes-rate", [.. said.Select(s => s ? 1.0 : 0)], Ones(rows.Length), "");
            }

            // Every figure is a ratio of sums over rows: resampling images needs each image's two sums only.
            void Add(string name, double[] numerator, double[] denominator, string reason)
            {
                if (denominator.Sum() == 0) undefined.Add((name, reason));
                else if (groups.Count < 2)
                    figures.Add((name, Estimate.Point(numerator.Sum() / denominator.Sum(), rows.Length, groups.Count, "ratio, one image: no interval")));
                else figures.Add((name, Ratio(numerator, denominator, groups, seed)));
            }
        }
        return new KindFigures(kind, figures, undefined, unparsed, all.Length - rows.Length);
    }

    static Estimate Ratio(double[] numerator, double[] denominator, Groups groups, ulong seed)
    {
        var (above, below) = (new double[groups.Count], new double[groups.Count]);
        for (var row = 0; row < numerator.Length; row++)
        {
            above[groups.Of[row]] += numerator[row];
            below[groups.Of[row]] += denominator[row];
        }
        return new ClusteredBootstrap(groups, Draws, seed).Percentile(counts =>
        {
            double a = 0, b = 0;
            for (var g = 0; g < counts.Length; g++) (a, b) = (a + counts[g] * above[g], b + counts[g] * below[g]);
            return b > 0 ? a / b : double.NaN;
        });
    }

    static double[] Ones(int n) => [.. Enumerable.Repeat(1.0, n)];
}
