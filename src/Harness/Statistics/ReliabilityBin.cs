namespace Vrp.Harness.Statistics;

/// <summary>One bin (Low, High] of a reliability diagram.</summary>
public sealed record ReliabilityBin(double Low, double High, double MeanProbability, Estimate ShareCorrect);
