namespace Vrp.Harness.Monitoring;

/// <summary>Probabilities in (Low, High].</summary>
/// <param name="Low">Edge.</param>
/// <param name="High">Edge.</param>
/// <param name="Probability">Mean.</param>
/// <param name="Correct">Share right.</param>
/// <param name="N">Rows.</param>
public sealed record MonitorBin(double Low, double High, double Probability, double Correct, int N);
