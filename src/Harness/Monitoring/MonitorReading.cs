namespace Vrp.Harness.Monitoring;

/// <summary>What the monitor says of one answer.</summary>
/// <param name="Score">Log-odds of the probe, as in samples.jsonl.</param>
/// <param name="Probability">That the answer is right, calibrated, 0 … 1.</param>
/// <param name="Accept">Whether the score reaches the threshold.</param>
public readonly record struct MonitorReading(double Score, double Probability, bool Accept);
