using System.Globalization;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims;

/// <summary>What one interval, or several together, say about a claim.</summary>
/// <param name="Verdict">Supported, Refuted or Inconclusive.</param>
/// <param name="Reason">Value and interval against the bound, in words.</param>
/// <param name="WouldSettle">For Inconclusive: the n at which an interval around the same value would decide.</param>
public sealed record Decision(Verdict Verdict, string Reason, string? WouldSettle = null)
{
    /// <summary>Supported when the whole interval is above the bound, refuted when it is wholly below.</summary>
    public static Decision Above(string what, Estimate estimate, double bound) =>
        Of(what, estimate, estimate.IsAbove(bound), estimate.IsBelow(bound), $"above {Number(bound)}", $"below {Number(bound)}", Math.Abs(estimate.Value - bound));

    /// <summary>Supported when the whole interval is below the bound, refuted when it is wholly above.</summary>
    public static Decision Below(string what, Estimate estimate, double bound) =>
        Of(what, estimate, estimate.IsBelow(bound), estimate.IsAbove(bound), $"below {Number(bound)}", $"above {Number(bound)}", Math.Abs(estimate.Value - bound));

    /// <summary>Equivalence, by two one-sided tests: supported when the whole interval is inside centre ± margin, refuted when it is wholly outside on one side.
    /// With a 95 % interval each side is tested at 2.5 %.</summary>
    public static Decision Within(string what, Estimate estimate, double centre, double margin)
    {
        var distance = Math.Abs(Math.Abs(estimate.Value - centre) - margin);
        return Of(what, estimate, estimate.IsWithin(centre - margin, centre + margin), estimate.IsAbove(centre + margin) || estimate.IsBelow(centre - margin),
            $"inside {Number(centre)} ± {Number(margin)}", $"outside {Number(centre)} ± {Number(margin)}", distance);
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
    /// An intersection of claims needs no correction for their number to be supported; each refutation stands on an interval that is wholly past its margin.</summary>
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

    static Decision Of(string what, Estimate estimate, bool supported, bool refuted, string side, string otherSide, double distance)
    {
        if (!double.IsFinite(estimate.Value) || !double.IsFinite(estimate.Low) || !double.IsFinite(estimate.High))
            throw new NotRunException($"{what} is not a number: {estimate}.");
        if (!estimate.HasInterval) throw new NotRunException($"{what} is a point without an interval and decides nothing: {estimate}.");
        var shown = string.Create(CultureInfo.InvariantCulture, $"{what} {Number(estimate.Value)} [{Number(estimate.Low)}, {Number(estimate.High)}] (n={estimate.N}, {estimate.Groups} images)");
        if (supported) return new Decision(Verdict.Supported, $"{shown} lies wholly {side}");
        if (refuted) return new Decision(Verdict.Refuted, $"{shown} lies wholly {otherSide}");
        return new Decision(Verdict.Inconclusive, $"{shown} holds values {side} and {otherSide}", Settle(what, estimate, distance));
    }

    /// <summary>Widths fall with 1/√n: the n whose half width is the distance between value and bound.</summary>
    static string Settle(string what, Estimate estimate, double distance)
    {
        var half = (estimate.High - estimate.Low) / 2;
        var n = distance > 0 ? estimate.N * Math.Pow(half / distance, 2) : double.PositiveInfinity;
        return n <= 1e7
            ? string.Create(CultureInfo.InvariantCulture, $"{what}: about {Math.Max(Math.Ceiling(n), estimate.N + 1):N0} questions (now {estimate.N:N0}) if the value stays; at this n {Number(half)} is the least distance from the bound that shows")
            : string.Create(CultureInfo.InvariantCulture, $"{what}: the value lies on the bound, no n decides; at this n {Number(half)} is the least distance that shows");
    }

    internal static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
