using System.Diagnostics;
using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;
using Vrp.Harness.Claims;

namespace Vrp.Specs;

/// <summary>Assertions on what the data say about a claim. A failure gives the reason of the verdict that was found, and what would settle one that is
/// open.</summary>
/// <param name="verdict">The verdict, or null where there is none.</param>
/// <param name="claim">Id of the claim, where it is known.</param>
/// <param name="reason">Why it was found.</param>
/// <param name="settle">What would decide it.</param>
[StackTraceHidden]
public sealed class VerdictAssertions(Verdict? verdict, string? claim, string? reason, string? settle)
    : ReferenceTypeAssertions<object?, VerdictAssertions>(verdict)
{
    /// <inheritdoc/>
    protected override string Identifier => claim ?? "the verdict";

    /// <summary>Every deciding interval is entirely on the claim's side.</summary>
    [CustomAssertion]
    public AndConstraint<VerdictAssertions> BeSupported(string because = "", params object[] becauseArgs) => Be(Verdict.Supported, because, becauseArgs);

    /// <summary>A deciding interval is entirely on the other side.</summary>
    [CustomAssertion]
    public AndConstraint<VerdictAssertions> BeRefuted(string because = "", params object[] becauseArgs) => Be(Verdict.Refuted, because, becauseArgs);

    /// <summary>The intervals cross the bound at this n.</summary>
    [CustomAssertion]
    public AndConstraint<VerdictAssertions> BeInconclusive(string because = "", params object[] becauseArgs) => Be(Verdict.Inconclusive, because, becauseArgs);

    /// <summary>Something that the claim needs is missing.</summary>
    [CustomAssertion]
    public AndConstraint<VerdictAssertions> BeNotRun(string because = "", params object[] becauseArgs) => Be(Verdict.NotRun, because, becauseArgs);

    /// <summary>It was judged at all, whatever came of it.</summary>
    [CustomAssertion]
    public AndConstraint<VerdictAssertions> HaveRun(string because = "", params object[] becauseArgs) =>
        Check(verdict is not null and not Verdict.NotRun, "be judged", because, becauseArgs);

    /// <summary>The verdict that a ledger expects.</summary>
    [CustomAssertion]
    public AndConstraint<VerdictAssertions> Be(Verdict expected, string because = "", params object[] becauseArgs) =>
        Check(verdict == expected, $"be {expected}", because, becauseArgs);

    [CustomAssertion]
    AndConstraint<VerdictAssertions> Check(bool holds, string expected, string because, object[] becauseArgs)
    {
        var found = verdict is { } one ? $"it is {one}{(reason is null ? "" : $": {reason}")}" : "there is no verdict";
        Execute.Assertion.BecauseOf(because, becauseArgs).WithDefaultIdentifier(Identifier).ForCondition(holds)
            .FailWith($"Expected {{context}} to {expected}{{reason}}, but {Escape(found)}.{(claim is null ? "" : $" Claim: {Escape(claim)}.")}" +
                $"{(settle is null ? "" : $" To decide it: {Escape(settle)}.")}");
        return new(this);
    }

    static string Escape(string text) => text.Replace('{', '(').Replace('}', ')');
}
