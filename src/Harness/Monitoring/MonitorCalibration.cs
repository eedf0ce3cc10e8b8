namespace Vrp.Harness.Monitoring;

/// <summary>probability = 1 / (1 + exp(−(intercept + slope · score))).</summary>
/// <param name="Method">"logistic-recalibration", or "own" where the probe's own probability was the better one.</param>
/// <param name="Slope">1 for "own".</param>
/// <param name="Intercept">0 for "own".</param>
/// <param name="LogLoss">Nats, of the probability that is used: each fold of pictures recalibrated by the others.</param>
/// <param name="OwnLogLoss">Nats, of the probe's own probability.</param>
/// <param name="Brier">Of the probability that is used, by the same folds.</param>
/// <param name="ExpectedError">Over ten bins, by the same folds.</param>
/// <param name="Reliability">By the same folds: mean probability and share right of each tenth that has rows.</param>
public sealed record MonitorCalibration(string Method, double Slope, double Intercept, double LogLoss, double OwnLogLoss, double Brier, double ExpectedError,
    IReadOnlyList<MonitorBin> Reliability);
