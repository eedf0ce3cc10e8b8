using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Evaluating;

/// <summary>A sample with the model's greedy answer.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Answer">The text, special tokens left out.</param>
/// <param name="Score">What became of it.</param>
/// <param name="LogProbability">Mean natural-log probability of the answer's tokens, the end token included.</param>
public sealed record EvaluatedAnswer(Question Question, string Answer, ScoredAnswer Score, double LogProbability);
