namespace Vrp.Models.Generation;

/// <summary>One token of one answer.</summary>
/// <param name="Prompt">Row of the prompt in the batch.</param>
/// <param name="Sample">Which of its answers, from 0.</param>
/// <param name="Step">From 0.</param>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">Natural logarithm of its probability under the model, before temperature, top-k and top-p.</param>
public readonly record struct GeneratedToken(int Prompt, int Sample, int Step, int Id, float LogProbability);
