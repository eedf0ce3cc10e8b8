using Vrp.Harness.Claims;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Reporting;

/// <summary>A curve of one signal.</summary>
/// <param name="Signal">Its name in samples.jsonl.</param>
/// <param name="Rows">Which rows it stands on, in words.</param>
/// <param name="N">How many.</param>
/// <param name="X">By point: false positive rate, or coverage.</param>
/// <param name="Y">By point: true positive rate, or share wrong.</param>
/// <param name="Area">Under the whole curve, before points are thinned out.</param>
/// <param name="Estimate">The row of metrics.json for the same signal and rows, with its interval; null where there is none.</param>
sealed record SignalCurve(string Signal, string Rows, int N, double[] X, double[] Y, double Area, StudyEstimate? Estimate)
{
    /// <summary>Points that a curve keeps: more cannot be told apart on a screen.</summary>
    const int Most = 240;

    /// <summary>First, last and evenly spread points between.</summary>
    public static int[] Thin(int count) => count <= Most ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, Most).Select(i => (int)Math.Round(i * (count - 1.0) / (Most - 1)))];

    /// <summary>AUROC of a curve, by trapezoids: equal to the rank statistic, ties included.</summary>
    public static double Auroc(RocCurve curve)
    {
        var (x, y) = (curve.FalsePositiveRate, curve.TruePositiveRate);
        return Enumerable.Range(1, x.Length - 1).Sum(i => (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2);
    }
}
