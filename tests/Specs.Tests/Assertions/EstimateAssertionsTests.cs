using FluentAssertions.Execution;
using Vrp.Harness.Claims;
using Vrp.Harness.Statistics;
using Xunit.Sdk;

namespace Vrp.Specs.Tests.Assertions;

public class EstimateAssertionsTests
{
    static Estimate Of(double low, double high, int n = 100) => new((low + high) / 2, low, high, 0.95, n, 50, "obuchowski-logit", 7);

    static string Failure(Action assertion) => assertion.Should().Throw<XunitException>().Which.Message;

    /// <summary>What a spec holds: a name that a failure can show.</summary>
    sealed record Probe(Estimate Auroc);

    [Theory]
    [InlineData(0.951, 0.99, true)]
    [InlineData(0.95, 0.99, false)]
    [InlineData(0.94, 0.99, false)]
    [InlineData(0.90, 0.94, false)]
    public void Exceed_OnlyTheWholeIntervalDecides(double low, double high, bool holds)
    {
        var estimate = Of(low, high);
        Passes(() => estimate.Should().Exceed(0.95)).Should().Be(holds);
        Passes(() => Of(-high, -low).Should().BeBelow(-0.95)).Should().Be(holds);
        Passes(() => estimate.Should().NotBeInferiorTo(0.95)).Should().Be(holds);
    }

    [Theory]
    [InlineData(-0.09, 0.09, true)]
    [InlineData(-0.11, 0.09, false)]
    [InlineData(0.02, 0.11, false)]
    [InlineData(0.2, 0.3, false)]
    [InlineData(0.01, 0.02, true)]
    public void BeEquivalentToZeroWithin_NeedsTheWholeIntervalInside(double low, double high, bool holds)
    {
        Passes(() => Of(low, high).Should().BeEquivalentToZeroWithin(0.1)).Should().Be(holds);
        Passes(() => Of(low + 0.5, high + 0.5).Should().BeEquivalentTo(0.5, 0.1)).Should().Be(holds);
    }

    [Theory]
    [InlineData(-0.1, 0.1, true)]
    [InlineData(0, 0.1, true)]
    [InlineData(-0.1, 0, true)]
    [InlineData(0.001, 0.1, false)]
    [InlineData(-0.1, -0.001, false)]
    public void ContainZero_EndsIncluded(double low, double high, bool holds) => Passes(() => Of(low, high).Should().ContainZero()).Should().Be(holds);

    [Fact]
    public void Exceed_Undecided_GivesValueIntervalNImagesMethodAndWhatSettles()
    {
        var probe = new Probe(Of(0.93, 1.01));
        Failure(() =>
        {
            probe.Auroc.Should().Exceed(0.95, "the study prints {0}", 0.956);
        }).Should().Match(
            "Expected *probe.Auroc to exceed 0.95 because the study prints 0.956, but its value 0.97 [0.93, 1.01] (n=100, 50 images): " +
            "the interval crosses 0.95 (method obuchowski-logit, 0.95 interval, seed 7): undecided at this n. " +
            "To decide it: its value: about 400 questions at the current estimate (now 100); " +
            "smallest effect detectable at this n: 0.04.");
    }

    [Fact]
    public void Exceed_Refuted_SaysSo() => Failure(() => Of(0.7, 0.8).Should().Exceed(0.95))
        .Should().Contain("0.75 [0.7, 0.8] (n=100, 50 images) is entirely below 0.95").And.Contain(": refuted.").And.NotContain("settle");

    [Fact]
    public void Contain_Outside_SaysThatMoreDataDoNotHelp() =>
        Failure(() => Of(0.1, 0.2).Should().ContainZero()).Should().Contain("have an interval that holds 0").And.Contain("0.15 [0.1, 0.2]")
            .And.Contain("method obuchowski-logit").And.Contain("more questions make it narrower");

    [Fact]
    public void Exceed_RowOfAStudy_NamesTheRow()
    {
        var row = new StudyEstimate("hidden-state-probe", "auroc", "yes-no", 3, "l2", Of(0.7, 0.8));
        Failure(() => row.Should().Exceed(0.95)).Should().Contain("Row: hidden-state-probe/auroc [yes-no, layer 3, l2].");
        row.Should().BeBelow(0.95).And.Exceed(0.5).And.Contain(0.75);
    }

    [Fact]
    public void EveryAssertion_Point_FailsByName()
    {
        var point = Estimate.Point(0.99, 10, 5, "nested");
        foreach (var assertion in All(point)) Failure(assertion).Should().Contain("a point without an interval and decides nothing").And.Contain("nested");
    }

    [Fact]
    public void EveryAssertion_NaN_FailsByName()
    {
        Estimate[] useless = [Of(0, 1) with { Value = double.NaN }, Of(0, 1) with { Low = double.NaN }, Of(0, 1) with { High = double.PositiveInfinity }];
        foreach (var estimate in useless)
            foreach (var assertion in All(estimate)) Failure(assertion).Should().Contain("is not a number");
    }

    [Fact]
    public void EveryAssertion_NothingMeasured_FailsByName()
    {
        foreach (var assertion in All(null)) Failure(assertion).Should().Contain("nothing was measured");
        StudyEstimate? absent = null;
        Failure(() => absent.Should().Exceed(0)).Should().Contain("nothing was measured");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void BeEquivalentToZeroWithin_NoMargin_IsAnErrorOfTheSpec(double margin) =>
        ((Action)(() => Of(-1, 1).Should().BeEquivalentToZeroWithin(margin))).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Exceed_NaNAsBound_IsAnErrorOfTheSpec() => ((Action)(() => Of(0, 1).Should().Exceed(double.NaN))).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Exceed_BracesInTheMethod_AreNoPlacesToFill() =>
        Failure(() => (Of(0.7, 0.8) with { Method = "{0} and {reason}" }).Should().Exceed(0.95)).Should().Contain("method (0) and (reason)");

    [Fact]
    public void Exceed_InAScope_GathersAllFailures() => Failure(() =>
    {
        using var scope = new AssertionScope();
        Of(0.7, 0.8).Should().Exceed(0.95);
        Of(0.2, 0.3).Should().ContainZero();
    }).Should().Contain("exceed 0.95").And.Contain("holds 0");

    static Action[] All(Estimate? estimate) =>
    [
        () => estimate.Should().Exceed(0), () => estimate.Should().BeBelow(2), () => estimate.Should().ContainZero(), () => estimate.Should().Contain(0.99),
        () => estimate.Should().BeEquivalentToZeroWithin(5), () => estimate.Should().BeEquivalentTo(0.5, 5), () => estimate.Should().NotBeInferiorTo(-5),
    ];

    static bool Passes(Action assertion)
    {
        try
        {
            assertion();
            return true;
        }
        catch (XunitException)
        {
            return false;
        }
    }
}
