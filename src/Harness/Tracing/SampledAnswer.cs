namespace Vrp.Harness.Tracing;

/// <summary>One answer drawn from the model.</summary>
/// <param name="Text">Without special tokens.</param>
/// <param name="Ids">Its tokens, with the end token where one was drawn.</param>
public sealed record SampledAnswer(string Text, IReadOnlyList<int> Ids);
