using System.Globalization;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims;

/// <summary>What one interval, or several together, say about a claim.</summary>
/// <param name="Verdict">Supported, Refuted or Inconclusive.</param>
/// <param name="Reason">Value and interval against the bound, in words.</param>
/// <param name="WouldSettle">For Inconclusive: the n at which an interval around the same value would decide.</param>
public sealed record Decision(Verdict Verdict, string Reason, string? WouldSettle = null)
{
    /// <summary>Supported when the whole interval is above the bound, refuted when it is entirely below.</summary>
    public static Decision Above(string what, Estimate estimate, double bound) =>
        Of(what, estimate, estimate.IsAbove(bound), estimate.IsBelow(bound), $"above {NumberText.Number(bound)}", $"below {NumberText.Number(bound)}",
            NumberText.Number(bound), Math.Abs(estimate.Value - bound));

    /// <summary>Supported when the whole interval is below the bound, refuted when it is entirely above.</summary>
    public static Decision Below(string what, Estimate estimate, double bound) =>
        Of(what, estimate, estimate.IsBelow(bound), estimate.IsAbove(bound), $"below {NumberText.Number(bound)}", $"above {NumberText.Number(bound)}",
            NumberText.Number(bound), Math.Abs(estimate.Value - bound));

    /// <summary>Equivalence, by two one-sided tests: supported when the whole interval is inside centre ± margin, refuted when it is entirely outside on one
    /// side. With a 95 % interval each side is tested at 2.5 %.</summary>
    public static Decision Within(string what, Estimate estimate, double centre, double margin)
    {
        var distance = Math.Abs(Math.Abs(estimate.Value - centre) - margin);
        var range = centre == 0 ? $"±{NumberText.Number(margin)}" : $"{NumberText.Number(centre)} ± {NumberText.Number(margin)}";
        return Of(what, estimate, estimate.IsWithin(centre - margin, centre + margin), estimate.IsAbove(centre + margin) || estimate.IsBelow(centre - margin),
            $"inside {range}", $"outside {range}", range, distance);
    }

    /// <summary>What cannot be computed is NotRun by name; what must never be computed (a repeated row, a leak) stays an error.</summary>
    internal static Decision OrNotRun(Func<Decision> decide)
    {
        try
        {
            return decide();
        }
        catch (NotRunException error)
        {
            return new Decision(Verdict.NotRun, error.Message, error.Settle);
        }
        catch (StatisticsException error) when (error is not (DuplicateRowException or GroupLeakException))
        {
            return new Decision(Verdict.NotRun, error.Message);
        }
    }

    /// <summary>All must hold: refuted when one is, supported when all are, else inconclusive. The reasons given are those that decided.
    /// An intersection of claims needs no correction for their number to be supported; each refutation stands on an interval that is entirely past its
    /// margin.</summary>
    public static Decision All(IReadOnlyList<Decision> decisions)
    {
        if (decisions.Count == 0) throw new NotRunException("nothing was measured that could decide.");
        var verdict = decisions.Any(d => d.Verdict == Verdict.Refuted) ? Verdict.Refuted
            : decisions.All(d => d.Verdict == Verdict.Supported) ? Verdict.Supported : Verdict.Inconclusive;
        var deciding = decisions.Where(d => d.Verdict == verdict).ToArray();
        var settle = deciding.Select(d => d.WouldSettle).OfType<string>().ToArray();
        return new Decision(verdict, string.Join("; ", deciding.Select(d => d.Reason)), settle.Length > 0 ? string.Join("; ", settle) : null);
    }

    /// <summary>One is enough: supported when one is, refuted when all are, else inconclusive.</summary>
    public static Decision Any(IReadOnlyList<Decision> decisions)
    {
        var turned = All([.. decisions.Select(d => d with { Verdict = Opposite(d.Verdict) })]);
        return turned with { Verdict = Opposite(turned.Verdict) };
    }

    static Verdict Opposite(Verdict verdict) => verdict switch { Verdict.Supported => Verdict.Refuted, Verdict.Refuted => Verdict.Supported, _ => verdict };

    static Decision Of(string what, Estimate estimate, bool supported, bool refuted, string side, string otherSide, string bound, double distance)
    {
        if (!double.IsFinite(estimate.Value) || !double.IsFinite(estimate.Low) || !double.IsFinite(estimate.High))
            throw new NotRunException($"{what} is not a number: {estimate}.");
        if (!estimate.HasInterval) throw new NotRunException($"{what} is a point without an interval and decides nothing: {estimate}.");
        var shown = string.Create(CultureInfo.InvariantCulture,
            $"{what} {NumberText.Number(estimate.Value)} [{NumberText.Number(estimate.Low)}, {NumberText.Number(estimate.High)}] (n={estimate.N}, "
                + $"{estimate.Groups} images)");
        if (supported) return new Decision(Verdict.Supported, $"{shown} is entirely {side}");
        if (refuted) return new Decision(Verdict.Refuted, $"{shown} is entirely {otherSide}");
        return new Decision(Verdict.Inconclusive, $"{shown}: the interval crosses {bound}", Settle(what, estimate, distance));
    }

    /// <summary>Above this many questions nobody asks them.</summary>
    const int MostPracticalQuestions = 100_000;

    /// <summary>Widths fall with 1/√n: the n whose half width is the distance between value and bound, to two digits, since it rests on the current
    /// value.</summary>
    static string Settle(string what, Estimate estimate, double distance)
    {
        var half = (estimate.High - estimate.Low) / 2;
        var n = distance > 0 ? estimate.N * Math.Pow(half / distance, 2) : double.PositiveInfinity;
        var needed = n > 1e7 ? "the estimate is on the bound, no number of questions decides" : string.Create(CultureInfo.InvariantCulture,
            $"about {Math.Max(TwoDigits(n), estimate.N + 1):N0} questions at the current estimate (now "
                + $"{estimate.N:N0}{(n > MostPracticalQuestions ? "; not practical" : "")})");
        return $"{what}: {needed}; smallest effect detectable at this n: {NumberText.Number(half)}";
    }

    static double TwoDigits(double n)
    {
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, n))) - 1));
        return Math.Ceiling(n / unit) * unit;
    }
}
