namespace Vrp.Models.Generation;

/// <summary>One answer.</summary>
/// <param name="Prompt">Row of the prompt in the batch.</param>
/// <param name="Sample">Which of its answers, from 0.</param>
/// <param name="Ids">The tokens, with the end token where one was reached.</param>
/// <param name="LogProbabilities">Of each token, natural logarithm, under the model before temperature, top-k and top-p.</param>
/// <param name="Ended">Whether an end token was reached.</param>
public sealed record GeneratedSequence(int Prompt, int Sample, IReadOnlyList<int> Ids, IReadOnlyList<float> LogProbabilities, bool Ended);
