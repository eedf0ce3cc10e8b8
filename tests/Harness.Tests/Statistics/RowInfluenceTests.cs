using FluentAssertions;
using Vrp.Harness.Statistics;
using Xunit;

namespace Vrp.Harness.Tests.Statistics;

public class RowInfluenceTests
{
    static readonly Simulation data = Simulation.Draw(120, 6, 21, 0);

    [Fact]
    public void Mean_Interval_IsTheClusteredMeans()
    {
        var expected = ClusteredMean.Interval(data.Right, data.Groups);
        var own = RowInfluence.Mean(data.Right, data.Groups).Interval(data.Groups, "test");
        own.Value.Should().BeApproximately(expected.Value, 1e-12);
        own.Low.Should().BeApproximately(expected.Low, 1e-12);
        own.High.Should().BeApproximately(expected.High, 1e-12);
    }

    [Fact]
    public void Difference_AurocsOfOneLabel_IsObuchowskisPaired()
    {
        // Two strata with the same weights: the stratified test computes the same sums in another way.
        var strata = Enumerable.Range(0, data.Labels.Length).Select(row => row % 2).ToArray();
        var (expected, p) = StratifiedAuroc.Paired(data.Labels, data.Score, data.Other, strata, data.Groups);
        RowInfluence Of(double[] scores) => RowInfluence.Pooled(scores.Length, [.. new[] { 0, 1 }.Select(stratum =>
        {
            int[] rows = [.. Enumerable.Range(0, scores.Length).Where(row => strata[row] == stratum)];
            bool[] labels = [.. rows.Select(row => data.Labels[row])];
            var right = (double)labels.Count(label => label);
            return (right * (rows.Length - right) / rows.Length, rows,
                RowInfluence.Auroc(labels, [.. rows.Select(row => scores[row])], data.Groups.Select(rows)));
        })]);

        var (difference, lower) = RowInfluence.Difference(Of(data.Score), Of(data.Other), data.Groups, "test");

        difference.Value.Should().BeApproximately(expected.Value, 1e-12);
        // The same standard error; degrees of freedom are counted by stratum here, over all strata there: 0.3 % of the critical value.
        (difference.High - difference.Value).Should().BeApproximately(expected.High - expected.Value, 5e-3 * (expected.High - expected.Value));
        lower.Should().BeApproximately(difference.Value < 0 ? p / 2 : 1 - p / 2, 2e-3);
    }

    [Fact]
    public void Difference_AurocsOfIndependentRows_HasDeLongsStandardError()
    {
        var rows = Groups.Singletons(data.Labels.Length);
        var (expected, error, _) = DeLong.Paired(data.Labels, data.Score, data.Other);
        var (difference, _) = RowInfluence.Difference(RowInfluence.Auroc(data.Labels, data.Score, rows), RowInfluence.Auroc(data.Labels, data.Other, rows),
            rows, "test");

        difference.Value.Should().BeApproximately(expected.Value, 1e-12);
        // DeLong divides by n − 1 in each class, this by G − 1 once.
        ((difference.High - difference.Value) / 1.96).Should().BeApproximately(error, 0.01 * error);
    }

    [Fact]
    public void Difference_OwnLabels_AgreesWithTheBootstrapOfImages()
    {
        bool[] other = [.. data.Other.Select(score => score > 0.5)];
        double[] scores = [.. data.Score.Zip(data.Unrelated, (a, b) => a + b)];
        var (difference, p) = RowInfluence.Difference(RowInfluence.Auroc(other, scores, data.Groups), RowInfluence.Auroc(data.Labels, data.Score, data.Groups),
            data.Groups, "test");
        var (bootstrap, drawn) = new ClusteredBootstrap(data.Groups, 4000, 3).PercentileTest(
            GroupStatistics.Difference(GroupStatistics.Auroc(other, scores, data.Groups), GroupStatistics.Auroc(data.Labels, data.Score, data.Groups)));

        difference.Value.Should().BeApproximately(bootstrap.Value, 1e-12);
        (difference.High - difference.Low).Should().BeApproximately(bootstrap.High - bootstrap.Low, 0.06 * (bootstrap.High - bootstrap.Low));
        p.Should().BeApproximately(drawn, 0.03);
    }

    [Fact]
    public void Ratio_Precision_AgreesWithTheBootstrapOfImages()
    {
        double[] chosen = [.. data.Score.Select(score => score > 0.7 ? 1.0 : 0)], hit = [.. chosen.Zip(data.Right, (u, y) => u * y)];
        var own = RowInfluence.Ratio(hit, chosen, data.Groups);
        var interval = own.Interval(data.Groups, "test");
        var bootstrap = new ClusteredBootstrap(data.Groups, 4000, 3).Percentile(GroupStatistics.Ratio(hit, chosen, data.Groups));

        own.Value.Should().BeApproximately(hit.Sum() / chosen.Sum(), 1e-12);
        (interval.High - interval.Low).Should().BeApproximately(bootstrap.High - bootstrap.Low, 0.06 * (bootstrap.High - bootstrap.Low));
        own.OfRow.Sum().Should().BeApproximately(0, 1e-12);
    }

    [Fact]
    public void Difference_Identical_IsZeroWithPOne()
    {
        var own = RowInfluence.Auroc(data.Labels, data.Score, data.Groups);
        var (difference, p) = RowInfluence.Difference(own, own, data.Groups, "test");
        (difference.Value, difference.Low, difference.High, p).Should().Be((0, 0, 0, 1));
    }

    [Fact]
    public void Edges_NothingOneClassNaNAndOneImage_AreTypedErrors()
    {
        var two = Groups.From(["a", "b"]);
        ((Action)(() => RowInfluence.Mean([double.NaN, 1], two))).Should().Throw<NotFiniteException>();
        ((Action)(() => RowInfluence.Auroc([true, true], [1, 2], two))).Should().Throw<OneClassException>();
        ((Action)(() => RowInfluence.Ratio([0, 0], [0, 0], two))).Should().Throw<OutOfDomainException>();
        ((Action)(() => RowInfluence.Mean([1], two))).Should().Throw<LengthMismatchException>();
        ((Action)(() => RowInfluence.Mean([1, 0], Groups.From(["a", "a"])).Interval(Groups.From(["a", "a"]), "test"))).Should().Throw<TooFewException>();
    }

    [Fact]
    public void RiskAt_OnceEachAndWithTies_IsTheRiskCoverageCurves()
    {
        double[] scores = [.. data.Score.Select(score => Math.Round(score, 1))];
        var once = Enumerable.Repeat(1, data.Groups.Count).ToArray();
        var curve = RiskCoverage.Compute(data.Labels, scores);
        foreach (var coverage in new[] { 0.1, 0.5, 0.8, 1 })
            GroupStatistics.RiskAt(data.Labels, scores, coverage, data.Groups)(once).Should().BeApproximately(curve.At(coverage), 1e-9);
        ((Action)(() => GroupStatistics.RiskAt(data.Labels, scores, 0, data.Groups))).Should().Throw<OutOfDomainException>();
    }

    [Fact]
    public void ExpectedCalibrationError_OnceEach_IsTheMeasureItself()
    {
        double[] probabilities = [.. data.Score.Select(score => 1 / (1 + Math.Exp(-score)))];
        var once = Enumerable.Repeat(1, data.Groups.Count).ToArray();
        GroupStatistics.ExpectedCalibrationError(data.Labels, probabilities, data.Groups)(once).Should()
            .BeApproximately(Calibration.ExpectedError(data.Labels, probabilities), 1e-12);
    }
}
