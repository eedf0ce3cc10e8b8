using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Evaluation;

/// <summary>A model's answer to one question.</summary>
/// <param name="Sample">The question.</param>
/// <param name="Text">The greedy answer, special tokens left out.</param>
/// <param name="LogProbability">Of the greedy answer as a whole, natural logarithm.</param>
/// <param name="Score">Against the gold answer.</param>
/// <param name="Samples">Sampled answers as texts; empty when none were asked for.</param>
public sealed record EvaluatedAnswer(Sample Sample, string Text, double LogProbability, ScoredAnswer Score, IReadOnlyList<string> Samples)
{
    public bool IsRight => Score.Status == AnswerStatus.Right;

    /// <summary>Whether the sampled answers are not all the same.</summary>
    public bool Disagrees => Samples.Distinct(StringComparer.Ordinal).Count() > 1;
}
