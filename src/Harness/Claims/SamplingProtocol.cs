namespace Vrp.Harness.Claims;

/// <summary>How the answers were sampled that self-consistency is judged by. A type of its own, so that run.json and vrp.json have its numbers: a tuple is written as nothing, and a struct may be left half empty.</summary>
/// <param name="Answers">K, sampled answers per question.</param>
/// <param name="Temperature">Of the sampling.</param>
/// <param name="TopP">Of the sampling.</param>
public sealed record SamplingProtocol(int Answers, double Temperature, double TopP);
