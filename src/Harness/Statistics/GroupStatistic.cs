namespace Vrp.Harness.Statistics;

/// <summary>A statistic of a resampled data set in which group g occurs <c>counts[g]</c> times. It returns NaN where the resample has none (one class only): that draw is drawn again.
/// Called from several threads at once.</summary>
public delegate double GroupStatistic(ReadOnlySpan<int> counts);
