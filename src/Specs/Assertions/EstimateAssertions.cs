using System.Diagnostics;
using System.Globalization;
using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;
using Vrp.Harness.Claims;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;

namespace Vrp.Specs;

/// <summary>Assertions on an estimate that read like the paper. The whole interval decides, never the point: what the interval cannot decide fails, and says
/// what would settle it. A point without an interval and NaN fail every assertion by name: they decide nothing.</summary>
/// <param name="estimate">The estimate, or null where nothing was measured.</param>
/// <param name="name">What a failure calls it; FluentAssertions puts its own name of the expression before it.</param>
[StackTraceHidden]
public sealed class EstimateAssertions(Estimate? estimate, string name) : ReferenceTypeAssertions<Estimate?, EstimateAssertions>(estimate)
{
    /// <summary>What decisions here call the estimate.</summary>
    internal const string Value = "its value";

    static readonly AsyncLocal<Action<Decision>?> listener = new();

    /// <inheritdoc/>
    protected override string Identifier => name;

    /// <summary>Tells what each assertion of this thread decides, until disposed.</summary>
    internal static IDisposable Listen(Action<Decision> told)
    {
        listener.Value = told;
        return new Listening();
    }

    sealed class Listening : IDisposable
    {
        public void Dispose() => listener.Value = null;
    }

    /// <summary>The whole interval lies above the bound.</summary>
    [CustomAssertion]
    public AndConstraint<EstimateAssertions> Exceed(double bound, string because = "", params object[] becauseArgs) =>
        Decide($"exceed {Number(bound)}", e => Decision.Above(Value, e, bound), because, becauseArgs);

    /// <summary>The whole interval lies below the bound.</summary>
    [CustomAssertion]
    public AndConstraint<EstimateAssertions> BeBelow(double bound, string because = "", params object[] becauseArgs) =>
        Decide($"be below {Number(bound)}", e => Decision.Below(Value, e, bound), because, becauseArgs);

    /// <summary>Equivalence, by two one-sided tests: the whole interval lies inside centre ± margin. "The interval contains it" would get easier with less
    /// data; this gets harder.</summary>
    [CustomAssertion]
    public AndConstraint<EstimateAssertions> BeEquivalentTo(double centre, double margin, string because = "", params object[] becauseArgs) =>
        !(margin > 0 && double.IsFinite(margin))
            ? throw new ArgumentOutOfRangeException(nameof(margin), margin, "expected a margin above 0: an interval never lies inside nothing.")
            : Decide($"be equivalent to {Number(centre)} within {Number(margin)}", e => Decision.Within(Value, e, centre, margin), because, becauseArgs);

    /// <summary>"No effect": the whole interval lies inside ± margin.</summary>
    [CustomAssertion]
    public AndConstraint<EstimateAssertions> BeEquivalentToZeroWithin(double margin, string because = "", params object[] becauseArgs) =>
        BeEquivalentTo(0, margin, because, becauseArgs);

    /// <summary>Non-inferiority: the whole interval of a difference (positive is better) lies above the bound, for example −0.01 for at most one point
    /// lost.</summary>
    [CustomAssertion]
    public AndConstraint<EstimateAssertions> NotBeInferiorTo(double bound, string because = "", params object[] becauseArgs) =>
        Decide($"not be inferior to {Number(bound)}", e => Decision.Above(Value, e, bound), because, becauseArgs);

    /// <summary>The interval holds a value, ends included. A published form only: fewer data make it easier, so it supports no claim of "no effect".</summary>
    [CustomAssertion]
    public AndConstraint<EstimateAssertions> Contain(double value, string because = "", params object[] becauseArgs)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "expected a finite value.");
        return Decide($"have an interval that holds {Number(value)}", e => Hold(e, value), because, becauseArgs);
    }

    /// <summary>The interval holds 0 (see <see cref="Contain"/>).</summary>
    [CustomAssertion]
    public AndConstraint<EstimateAssertions> ContainZero(string because = "", params object[] becauseArgs) => Contain(0, because, becauseArgs);

    const string OneSided = "nothing with these data: the interval is entirely on one side, and more questions make it narrower";

    static Decision Hold(Estimate e, double value)
    {
        // Above refuses NaN and points by name, as it does for every other assertion.
        var side = Decision.Above(Value, e, value);
        if (e.Contains(value)) return new Decision(Verdict.Supported, "");
        return side with { Verdict = Verdict.Refuted, WouldSettle = OneSided };
    }

    [CustomAssertion]
    AndConstraint<EstimateAssertions> Decide(string expected, Func<Estimate, Decision> decide, string because, object[] becauseArgs)
    {
        var assertion = Execute.Assertion.BecauseOf(because, becauseArgs).WithDefaultIdentifier(Identifier);
        if (Subject is not { } found)
        {
            assertion.FailWith($"Expected {{context}} to {expected}{{reason}}, but nothing was measured. A claim without its measure is NotRun, not a pass.");
            return new(this);
        }

        try
        {
            var decision = decide(found);
            listener.Value?.Invoke(decision);
            assertion.ForCondition(decision.Verdict == Verdict.Supported).FailWith(
                $"Expected {{context}} to {expected}{{reason}}, but {Escape(decision.Reason)} ({Escape(Method(found))}): " +
                $"{(decision.Verdict == Verdict.Refuted ? "refuted" : "undecided at this n")}.{(Called ? $" Row: {Escape(name)}." : "")}" +
                $"{(decision.WouldSettle is { } settle ? $" To decide it: {Escape(settle)}." : "")}");
        }
        catch (NotRunException error)
        {
            assertion.FailWith($"Expected {{context}} to {expected}{{reason}}, but {Escape(error.Message)} ({Escape(Method(found))})." +
                $"{(Called ? $" Row: {Escape(name)}." : "")}");
        }

        return new(this);
    }

    /// <summary>Whether the name says more than that it is an estimate.</summary>
    bool Called => name != "the estimate";

    static string Method(Estimate e) => string.Create(CultureInfo.InvariantCulture,
        $"method {e.Method}{(e.HasInterval ? $", {e.Level:0.##} interval" : "")}{(e.Seed is { } seed ? $", seed {seed}" : "")}");

    static string Number(double value) => double.IsNaN(value)
        ? throw new ArgumentOutOfRangeException(nameof(value), value, "expected a number to hold the estimate against.")
        : NumberText.Number(value);

    /// <summary>FluentAssertions takes braces for places to fill, doubled ones too: names and methods are shown with parentheses.</summary>
    static string Escape(string text) => text.Replace('{', '(').Replace('}', ')');
}
