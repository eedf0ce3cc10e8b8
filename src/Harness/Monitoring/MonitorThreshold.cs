namespace Vrp.Harness.Monitoring;

/// <summary>A least score.</summary>
/// <param name="Coverage">Share of answers that it is meant to let through.</param>
/// <param name="Score">Accept from here on, set on the whole scored half.</param>
/// <param name="Accepted">Share that thresholds of the other folds' pictures let through.</param>
/// <param name="Risk">Share wrong among these.</param>
public sealed record MonitorThreshold(double Coverage, double Score, MonitorEstimate Accepted, MonitorEstimate Risk);
