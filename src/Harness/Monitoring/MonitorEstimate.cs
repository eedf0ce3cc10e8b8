using Vrp.Harness.Statistics;

namespace Vrp.Harness.Monitoring;

/// <summary>An estimate as the file has it.</summary>
/// <param name="Value">Value.</param>
/// <param name="Low">Of the interval.</param>
/// <param name="High">Of the interval.</param>
/// <param name="Level">Its coverage.</param>
/// <param name="N">Rows.</param>
/// <param name="Images">Pictures.</param>
/// <param name="Method">How.</param>
public sealed record MonitorEstimate(double Value, double Low, double High, double Level, int N, int Images, string Method)
{
    internal static MonitorEstimate Of(Estimate e) => new(e.Value, e.Low, e.High, e.Level, e.N, e.Groups, e.Method);
}
