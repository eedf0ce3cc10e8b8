using Vrp.Harness.Statistics;

namespace Vrp.Harness.Evaluation;

/// <summary>POPE's five figures.</summary>
/// <param name="Accuracy">Share of right answers.</param>
/// <param name="Precision">Of the answers that say yes, how many are right.</param>
/// <param name="Recall">Of the objects that are there, how many are said to be.</param>
/// <param name="F1">2PR / (P + R).</param>
/// <param name="YesRate">Share of answers that say yes.</param>
public sealed record PopeFigures(Estimate Accuracy, Estimate Precision, Estimate Recall, Estimate F1, Estimate YesRate);
