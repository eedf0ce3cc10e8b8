namespace Vrp.Harness.Monitoring;

/// <summary>A point of the risk-coverage curve.</summary>
/// <param name="Coverage">Share kept.</param>
/// <param name="Risk">Share wrong among them.</param>
public sealed record MonitorRisk(double Coverage, double Risk);
