using Vrp.Harness.Running;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Gating;

/// <summary>From measures to outcomes.</summary>
/// <remarks>Regressed needs both: the loss is established (one-sided paired test, Holm over the metrics that can stop a candidate) and it matters (the point
/// loss is past the margin). An interval that is entirely past the margin is that too, unless so many metrics were looked at that one such is to be expected.
/// NonInferior: the whole interval above −margin; that has to hold for all required metrics at once, which needs no adjustment (intersection-union). Everything
/// else is Undecided.</remarks>
static class GateJudge
{
    public static IReadOnlyList<MetricResult> Judge(IReadOnlyList<MetricMeasurement> drafts, GateOptions options)
    {
        var family = drafts.Where(draft => draft.P is not null && options.RoleOf(draft.Metric) != GateRole.Reported).ToArray();
        var adjusted = family.Length > 0 ? MultipleTesting.Holm([.. family.Select(draft => draft.P!.Value)]) : [];
        var byName = family.Zip(adjusted).ToDictionary(pair => pair.First.Metric.Name, pair => pair.Second);
        return [.. drafts.Select(draft => Judge(draft, byName.TryGetValue(draft.Metric.Name, out var p) ? p : null, family.Length, options))];
    }

    static MetricResult Judge(MetricMeasurement draft, double? adjusted, int family, GateOptions options)
    {
        var (metric, margin, role) = (draft.Metric, options.MarginOf(draft.Metric), options.RoleOf(draft.Metric));
        MetricResult Of(MetricOutcome outcome, string reason) =>
            new(metric.Name, metric.What, draft.Baseline, draft.Candidate, draft.Difference, margin, draft.P, adjusted, outcome, reason) { Role = role };
        if (draft.Missing is { } missing) return Of(MetricOutcome.NotMeasured, $"{metric.Name} is not measured: {missing.TrimEnd('.')}.");

        var difference = draft.Difference!;
        var note = draft.Note.Length > 0 ? $" ({draft.Note})" : "";
        if (draft.TwoSided)
        {
            var within = difference.IsWithin(-margin, margin);
            return Of(within ? MetricOutcome.NonInferior : MetricOutcome.Undecided,
                $"{metric.Name} changed by {Interval(difference)}, {(within ? "within" : "not shown to be within")} ±{NumberText.Number(margin)}{note}.");
        }

        var said = $"{metric.Name} {(difference.Value < 0 ? "lost" : "gained")} {Interval(difference, Math.Abs(difference.Value))}, margin "
            + $"{NumberText.Number(margin)}";
        var test = adjusted is { } p ? $", one-sided {NumberText.PIs(p)} after Holm over {family}" : draft.P is { } own
            ? $", one-sided {NumberText.PIs(own)}" : "";
        var decided = adjusted ?? draft.P;
        if (difference.Value < -margin && decided < options.Alpha)
            return draft.RiskGain is { } gain && gain.IsAbove(0)
                ? Of(MetricOutcome.Undecided,
                    $"{said}{test}; but the share wrong among the 80 % that the signal is surest of fell by {Interval(gain)}: the remaining errors are fewer "
                        + $"and harder to rank{note}.")
                : Of(MetricOutcome.Regressed, $"{said}{test}{note}.");
        if (difference.IsAbove(-margin)) return Of(MetricOutcome.NonInferior, $"{said}: the whole interval is above -{NumberText.Number(margin)}{note}.");
        return Of(MetricOutcome.Undecided, $"{said}{test}: {WouldDecide(difference, margin, family, options)}{note}.");
    }

    /// <summary>Questions that would decide with 80 % power, were the true difference the one seen; standard errors shrink with √n, exact floors with
    /// n.</summary>
    static string WouldDecide(Estimate difference, double margin, int family, GateOptions options)
    {
        var spare = difference.Value + margin;
        var half = difference.Value - difference.Low;
        if (difference.Method.EndsWith("exact-floor", StringComparison.Ordinal) && spare > 0) return Questions(difference.N * half / spare,
            "show that it is no more than the margin");
        var error = half / Distribution.NormalCritical(options.Level);
        if (spare > 0) return error > 0 ? Questions(Needed(spare, error, difference.N, 1 - options.Level), "show that it is no more than the margin")
            : "the loss seen is the margin itself";
        // Past the margin but not established: what the first step of Holm asks of a one-sided test.
        return error > 0 ? Questions(Needed(difference.Value, error, difference.N, 2 * options.Alpha / Math.Max(1, family)), "establish the loss")
            : "the loss seen is the margin itself";
    }

    static double Needed(double effect, double error, int n, double alpha) => effect == 0 ? double.PositiveInfinity
        : n * Math.Pow(Power.MinimumDetectableEffect(error, alpha) / effect, 2);

    static string Questions(double n, string what) => n > 1_000_000 ? "no practical number of questions would decide: the loss seen is at the margin itself"
        : FormattableString.Invariant($"about {Math.Ceiling(n / 10) * 10:N0} questions would {what} at the difference seen");

    static string Interval(Estimate e, double? value = null) =>
        $"{NumberText.Fixed(value ?? e.Value)} (difference [{NumberText.Fixed(e.Low)}, {NumberText.Fixed(e.High)}], n={e.N}, {e.Groups} images)";
}
