using FluentAssertions;
using FsCheck;
using FsCheck.Fluent;
using Vrp.Harness.Claims;
using Vrp.Harness.Statistics;
using Xunit;

namespace Vrp.Harness.Tests.Claims;

public class DecisionTests
{
    static Estimate Interval(double low, double high) => new((low + high) / 2, low, high, 0.95, 100, 50, "test");

    [Theory]
    [InlineData(0.96, 0.98, Verdict.Supported)]
    [InlineData(0.90, 0.94, Verdict.Refuted)]
    [InlineData(0.94, 0.96, Verdict.Inconclusive)]
    [InlineData(0.95, 0.97, Verdict.Inconclusive)]
    public void Above_WholeIntervalDecides(double low, double high, Verdict expected)
    {
        Decision.Above("x", Interval(low, high), 0.95).Verdict.Should().Be(expected);
        Decision.Below("x", Interval(low, high), 0.95).Verdict.Should().Be(expected switch { Verdict.Supported => Verdict.Refuted,
            Verdict.Refuted => Verdict.Supported, _ => expected });
    }

    [Theory]
    [InlineData(-0.05, 0.05, Verdict.Supported)]
    [InlineData(0.12, 0.2, Verdict.Refuted)]
    [InlineData(-0.3, -0.11, Verdict.Refuted)]
    [InlineData(0.05, 0.2, Verdict.Inconclusive)]
    [InlineData(-0.3, 0.3, Verdict.Inconclusive)]
    public void Within_EquivalenceNotAbsenceOfEvidence(double low, double high, Verdict expected) =>
        Decision.Within("x", Interval(low, high), 0, 0.1).Verdict.Should().Be(expected);

    [Fact]
    public void Above_Point_DecidesNothing() =>
        ((Action)(() => Decision.Above("x", Estimate.Point(0.99, 10, 5, "p"), 0.95))).Should().Throw<NotRunException>().WithMessage("*without an interval*");

    [Fact]
    public void Above_NaN_IsNotRun() =>
        ((Action)(() => Decision.Above("x", Interval(double.NaN, 1), 0.95))).Should().Throw<NotRunException>().WithMessage("*not a number*");

    [Fact]
    public void Above_Undecided_NamesTheNThatWouldDecide()
    {
        // Half width 0.04 at n = 100 around a value 0.02 above the bound: four times the rows.
        var decision = Decision.Above("AUROC", Interval(0.93, 1.01), 0.95);
        decision.WouldSettle.Should().Contain("400 questions");
    }

    [Fact]
    public void All_OneRefuted_Refutes()
    {
        Decision Of(Verdict verdict) => new(verdict, verdict.ToString());
        Decision.All([Of(Verdict.Supported), Of(Verdict.Refuted), Of(Verdict.Inconclusive)]).Verdict.Should().Be(Verdict.Refuted);
        Decision.All([Of(Verdict.Supported), Of(Verdict.Inconclusive)]).Verdict.Should().Be(Verdict.Inconclusive);
        Decision.Any([Of(Verdict.Refuted), Of(Verdict.Supported)]).Verdict.Should().Be(Verdict.Supported);
        Decision.Any([Of(Verdict.Refuted), Of(Verdict.Refuted)]).Verdict.Should().Be(Verdict.Refuted);
        Decision.Any([Of(Verdict.Refuted), Of(Verdict.Inconclusive)]).Verdict.Should().Be(Verdict.Inconclusive);
    }

    [Fact]
    public void FallsAfterRises_OpenSteps_AreBoundedByTrying()
    {
        // The greedy count for open steps against trying every sign.
        var sequences = Gen.Elements<int?>(-1, 1, null).ListOf(7).ToArbitrary();
        Prop.ForAll(sequences, list =>
        {
            int?[] signs = [.. list];
            var open = Enumerable.Range(0, signs.Length).Where(i => signs[i] is null).ToArray();
            var best = Enumerable.Range(0, 1 << open.Length).Max(pattern =>
            {
                var tried = (int?[])signs.Clone();
                for (var b = 0; b < open.Length; b++) tried[open[b]] = (pattern >> b & 1) == 0 ? 1 : -1;
                return AttentionEvolution.FallsAfterRises(tried, openIsAny: false);
            });
            return AttentionEvolution.FallsAfterRises(signs, openIsAny: true) == best;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Interval_NoRowDiffers_IsNotOfWidthZero()
    {
        var groups = Groups.From(Enumerable.Range(0, 60).Select(i => i / 2));
        double[] baseline = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? 0.0 : 1)];

        var estimate = PairedDifference.Interval(new double[60], baseline, groups, 0.95);

        estimate.Value.Should().Be(0);
        estimate.High.Should().BeInRange(1 - Math.Pow(0.025, 1.0 / 60) - 1e-12, 1 - Math.Pow(0.025, 1.0 / 30) + 1e-12,
            "0 of 60 rows or of 30 images leave that much open");
        estimate.Low.Should().Be(-estimate.High);
        PairedDifference.Interval(new double[60], [.. Enumerable.Repeat(1.0, 60)], groups, 0.95).High.Should().BeApproximately(1 - Math.Pow(0.025, 1.0 / 30),
            1e-12);
    }
}
