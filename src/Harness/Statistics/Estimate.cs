namespace Vrp.Harness.Statistics;

/// <summary>A number that does not travel alone: the value, its interval, how many rows and images it rests on, and how it was made.</summary>
/// <param name="Value">The point estimate, in the measure's own unit.</param>
/// <param name="Low">Lower end of the interval; equal to <paramref name="Value"/> when there is no interval (<paramref name="Level"/> 0).</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Level">Coverage aimed at, for example 0.95; 0 = a point without an interval, which decides nothing.</param>
/// <param name="N">Rows (questions).</param>
/// <param name="Groups">Groups (images) among them; equal to <paramref name="N"/> where the method takes rows as independent.</param>
/// <param name="Method">Estimator and interval, for example "obuchowski-logit".</param>
/// <param name="Seed">Seed of the draws, or null where nothing is drawn.</param>
public sealed record Estimate(double Value, double Low, double High, double Level, int N, int Groups, string Method, ulong? Seed = null)
{
    /// <summary>A point without an interval (nested cross-fitted scores, for example): it is reported and decides nothing.</summary>
    public static Estimate Point(double value, int n, int groups, string method, ulong? seed = null) => new(value, value, value, 0, n, groups, method, seed);

    /// <summary>Whether there is an interval.</summary>
    public bool HasInterval => Level > 0;

    /// <summary>Whether the whole interval is above <paramref name="bound"/>.</summary>
    public bool IsAbove(double bound) => HasInterval && Low > bound;

    /// <summary>Whether the whole interval is below <paramref name="bound"/>.</summary>
    public bool IsBelow(double bound) => HasInterval && High < bound;

    /// <summary>Whether the interval holds <paramref name="value"/> (ends included).</summary>
    public bool Contains(double value) => HasInterval && Low <= value && value <= High;

    /// <summary>Whether the whole interval lies strictly within (<paramref name="low"/>, <paramref name="high"/>).</summary>
    public bool IsWithin(double low, double high) => HasInterval && Low > low && High < high;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(HasInterval
        ? $"{Value:0.0000} [{Low:0.0000}, {High:0.0000}] ({Level:0.##} interval, n={N}, groups={Groups}, {Method}{(Seed is { } seed ? $", seed {seed}" : "")})"
        : (FormattableString)$"{Value:0.0000} (point, n={N}, groups={Groups}, {Method}{(Seed is { } drawn ? $", seed {drawn}" : "")})");
}
