namespace Vrp.Harness.Noise;

/// <summary>What one variation changed against the first run.</summary>
/// <param name="Subject">The model.</param>
/// <param name="Variation">Its name.</param>
/// <param name="Samples">Questions.</param>
/// <param name="Answers">Greedy answers that read otherwise.</param>
/// <param name="Labels">Of them, judged otherwise.</param>
/// <param name="Sampled">Sampled answers that read otherwise.</param>
/// <param name="OtherRows">Rows of metrics.json that are new, gone, or have another n, other images or another method: no tolerance covers those.</param>
/// <param name="Verdicts">Claims with another verdict.</param>
/// <param name="Largest">The largest difference over all rows, each in its own unit.</param>
public sealed record NoiseChange(string Subject, string Variation, int Samples, int Answers, int Labels, int Sampled, int OtherRows, IReadOnlyList<string> Verdicts, double Largest);
