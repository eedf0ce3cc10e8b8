using static TorchSharp.torch;

namespace Vrp.Models.Generation;

/// <summary>The answers to a batch of prompts.</summary>
/// <param name="Sequences">Prompt by prompt, sample by sample.</param>
/// <param name="Logits">float32 [rows, steps kept, V] on the CPU, rows in the order of <paramref name="Sequences"/>; null unless asked for. It belongs to the
/// caller's dispose scope.</param>
public sealed record GenerationResult(IReadOnlyList<GeneratedSequence> Sequences, Tensor? Logits) : IDisposable
{
    public void Dispose() => Logits?.Dispose();
}
