namespace Vrp.Harness.Tracing;

/// <summary>One token of a distribution.</summary>
/// <param name="Id">In the model's vocabulary.</param>
/// <param name="Text">What it prints on its own; empty for special tokens.</param>
/// <param name="Probability">In the distribution that the property holding it names.</param>
public sealed record TokenProbability(int Id, string Text, double Probability);
