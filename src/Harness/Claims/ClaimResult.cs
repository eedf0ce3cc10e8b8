using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;
using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>What the data say about a claim's judged form.</summary>
public enum Verdict
{
    /// <summary>Every deciding interval is entirely on the claim's side.</summary>
    Supported,

    /// <summary>A deciding interval is entirely on the other side.</summary>
    Refuted,

    /// <summary>The interval crosses the bound at this n.</summary>
    Inconclusive,

    /// <summary>A measure that the claim needs is missing, not finite, or rests on too few cells. Never a number.</summary>
    NotRun,
}

/// <summary>A claim, judged: one line of verdicts.json.</summary>
/// <param name="Claim">Id.</param>
/// <param name="Verdict">By the judged form.</param>
/// <param name="Reason">The intervals that decided, or what is missing.</param>
/// <param name="WouldSettle">For Inconclusive and NotRun: what would decide.</param>
/// <param name="Published">The published form's outcome, recorded for comparison.</param>
/// <param name="Judged">The judged form.</param>
/// <param name="Deciding">The rows of metrics.json that decide the verdict.</param>
/// <param name="Notes">What a reader has to know: variants left out and why, cells under the minimum.</param>
public sealed record ClaimResult(string Claim, Verdict Verdict, string Reason, string? WouldSettle, PublishedOutcome Published, string Judged,
    IReadOnlyList<StudyEstimate> Deciding, IReadOnlyList<string> Notes);

/// <summary>The published form, asserted as printed and recorded. It decides nothing.</summary>
/// <param name="Form">What is asserted, with the family's own figure.</param>
/// <param name="Holds">Whether it holds here; null where it was not computed or the study prints nothing for the family.</param>
/// <param name="Found">What was found.</param>
public sealed record PublishedOutcome(string Form,
    [property: JsonPropertyName("outcome"), JsonConverter(typeof(PublishedOutcome.Words))] bool? Holds, string Found)
{
    /// <summary>"holds", "fails" or "not asserted".</summary>
    [JsonIgnore]
    public string Word => Holds switch { true => "holds", false => "fails", null => "not asserted" };

    sealed class Words : JsonConverter<bool?>
    {
        public override bool? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() switch
        {
            "holds" => true,
            "fails" => false,
            "not asserted" => null,
            var other => throw new JsonException($"outcome \"{other}\"; expected holds, fails or not asserted."),
        };

        public override void Write(Utf8JsonWriter writer, bool? value, JsonSerializerOptions options) =>
            writer.WriteStringValue(new PublishedOutcome("", value, "").Word);

        public override bool HandleNull => true;
    }
}

/// <summary>A claim cannot be judged on what is there: the message becomes the reason of the verdict <see cref="Verdict.NotRun"/>.</summary>
public sealed class NotRunException(string reason, string? settle = null) : VrpException(reason)
{
    /// <summary>What would let it run.</summary>
    public string? Settle { get; } = settle;
}

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

    /// <summary>All must hold: refuted when one is, supported when all are, else inconclusive. The reasons given are those that decided. An intersection of
    /// claims needs no correction for their number to be supported; each refutation rests on an interval that is entirely past its margin.</summary>
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

    /// <summary>More questions than this are not suggested.</summary>
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
