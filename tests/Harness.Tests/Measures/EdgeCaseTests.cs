using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Tests.Measures;

/// <summary>What a measure says of nothing, of one cell, of ties and of NaN; and small cases worked out by hand.</summary>
public class EdgeCaseTests
{
    [Fact]
    public void AttentionMap_NoMass_IsAnErrorAndNotUniform() =>
        FluentActions.Invoking(() => AttentionMap.Renormalise([0.0, 0, 0, 0], 2,
            2)).Should().Throw<OutOfDomainException>().WithMessage("*sum of weights*above 0*");

    [Fact]
    public void AttentionMap_NaN_IsAnErrorAndNotZero() =>
        FluentActions.Invoking(() => AttentionMap.Renormalise([0.1f, float.NaN], 1, 2)).Should().Throw<NotFiniteException>();

    [Fact]
    public void AttentionMap_WrongGrid_NamesBothSizes() =>
        FluentActions.Invoking(() => AttentionMap.Renormalise([1.0, 2], 2, 2)).Should().Throw<LengthMismatchException>().WithMessage("*4*2*");

    [Fact]
    public void AttentionMap_OfHeads_AveragesBeforeRenormalising()
    {
        // Head 0 looks at the image with 0.9, head 1 with 0.1: the mean is the first head's map, nine to one.
        var map = AttentionMap.OfHeads([0.9f, 0, 0, 0.1f], 2, 1, 2);
        map.Mass[0].Should().BeApproximately(0.9, 1e-7);
        map.ImageMass.Should().BeApproximately(0.5, 1e-7);
    }

    [Fact]
    public void Entropy_OneCell_IsZero() => Entropy.OfMap(AttentionMap.Renormalise([3.0], 1, 1)).Should().Be(0);

    [Fact]
    public void EntropySteps_OneLayer_NeedsTwo()
    {
        FluentActions.Invoking(() => Entropy.Steps([1.0])).Should().Throw<TooFewException>();
        Entropy.Steps([3.0, 1, 2]).Should().Equal(-2, 1);
    }

    [Fact]
    public void EntropyPerHead_BlindHead_IsAnError() =>
        FluentActions.Invoking(() => Entropy.PerHead([1f, 1, 0, 0], 2, 1, 2)).Should().Throw<OutOfDomainException>();

    [Fact]
    public void TopByRank_ThirtyCells_AreThree() =>
        SalientCells.TopByRank(AttentionMap.Renormalise(Enumerable.Repeat(1.0, 30).ToArray(), 5, 6)).Should().Equal(0, 1, 2);

    [Fact]
    public void Bottom_OfTiedCells_IsDisjointFromTheTop()
    {
        var map = AttentionMap.Renormalise(Enumerable.Repeat(1.0, 10).ToArray(), 2, 5);
        SalientCells.Bottom(map, 3).Should().Equal(7, 8, 9);
    }

    [Fact]
    public void Dbscan_DiagonalNeighbours_AreOneClusterAndALoneCellIsNoise() =>
        // On a grid of five columns: (0,0), (1,1), (2,2) touch at corners; (4,4) touches none.
        Clusters.DbscanLabels([0, 6, 12, 24], 5).Should().Equal(0, 0, 0, -1);

    [Fact]
    public void Dbscan_RowEnds_AreNotNeighbours() => Clusters.DbscanLabels([4, 5], 5, minSamples: 1).Should().Equal(0, 1);

    [Fact]
    public void AttentionFeatures_UniformMap_HaveTheirKnownValues()
    {
        var map = AttentionMap.Renormalise(Enumerable.Repeat(0.01, 25).ToArray(), 5, 5);
        var features = AttentionFeatures.Compute(map, [1.0, 3.0]);
        features.NormalisedEntropy.Should().BeApproximately(1, 1e-12);
        features.Gini.Should().BeApproximately(0, 1e-12);
        features.Peak.Should().BeApproximately(0.04, 1e-12);
        features.TopDecileMass.Should().BeApproximately(3 * 0.04, 1e-12);
        features.ImageMass.Should().BeApproximately(0.25, 1e-12);
        features.Spread.Should().BeApproximately(Math.Sqrt(4.0 / 50), 1e-12, "variance of 0 … 4 is 2 in each direction, the diagonal² is 50");
        features.HeadEntropyDeviation.Should().Be(1);
        features.ToArray().Should().HaveCount(AttentionFeatures.Count);
        AttentionFeatures.Names.Should().HaveCount(AttentionFeatures.Count).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void MeanLogProbability_EndToken_CountsOrNot()
    {
        Confidence.MeanLogProbability([-1, -3]).Should().Be(-2);
        Confidence.MeanLogProbability([-1, -3], withEnd: false).Should().Be(-1);
        FluentActions.Invoking(() => Confidence.MeanLogProbability([-1],
            withEnd: false)).Should().Throw<EmptyInputException>("an answer of the end token alone has no other token");
        FluentActions.Invoking(() => Confidence.MeanLogProbability([double.NegativeInfinity])).Should().Throw<NotFiniteException>();
    }

    [Fact]
    public void FirstToken_KnownLogits_GivesEntropyMaximumAndMargin()
    {
        var (entropy, max, margin) = Confidence.FirstToken([(float)Math.Log(0.7), (float)Math.Log(0.2), (float)Math.Log(0.1)]);
        entropy.Should().BeApproximately(0.8018185525433372, 1e-7);   // scipy: stats.entropy([.7, .2, .1])
        max.Should().BeApproximately(0.7, 1e-7);
        margin.Should().BeApproximately(0.5, 1e-7);
        Confidence.FirstToken([5f, 5f]).Margin.Should().Be(0);
    }

    [Fact]
    public void SelfConsistency_Observed_IsTheMajorityShare()
    {
        SelfConsistency.Observed(["yes", "no", "yes", "yes"]).Should().Be(0.75);
        FluentActions.Invoking(() => SelfConsistency.Observed(Array.Empty<string>())).Should().Throw<EmptyInputException>();
    }

    [Fact]
    public void SelfConsistency_NucleusOfTheStudy_AlwaysAgreesFromTheKnownProbability()
    {
        // At T = 0.7 a yes/no answer with p ≥ 0.823 has p^(1/0.7) / (p^(1/0.7) + q^(1/0.7)) ≥ 0.9 and is alone in the nucleus.
        double Expected(double p) => SelfConsistency.Expected(SamplingDistribution.Compute([(float)Math.Log(p), (float)Math.Log(1 - p)], 0.7, 0, 0.9));
        Expected(0.824).Should().Be(1);
        Expected(0.82).Should().BeLessThan(1);
    }

    [Fact]
    public void SelfConsistency_ManyAnswers_IsStillExact() =>
        // 1,000 equal answers, two draws: they agree with probability 1/1000, so E = (1/1000)·1 + (999/1000)·½.
        SelfConsistency.Expected(Enumerable.Repeat(0.001, 1000).ToArray(), 2).Should().BeApproximately(0.5005, 1e-9);

    [Fact]
    public void HeadRegression_PlantedHead_IsFoundAndScoredOnOtherImages()
    {
        var random = new Xoshiro256(3);
        var correct = new bool[600];
        var measure = new double[600][];
        for (var row = 0; row < 600; row++)
        {
            correct[row] = random.NextDouble() < 0.6;
            measure[row] = [.. Enumerable.Range(0, 40).Select(head => random.NextGaussian() + (head == 17 && correct[row] ? 1.5 : 0))];
        }

        var groups = Groups.From(Enumerable.Range(0, 600).Select(row => row / 6));
        int[] fitting = [.. Enumerable.Range(0, 300)], scored = [.. Enumerable.Range(300, 300)];
        var result = HeadRegression.Compute(measure, correct, groups, fitting, scored);
        result.Heads[0].Should().Be(17);
        result.R2.Should().BeInRange(0.2, 0.45, "a shift of 1.5 σ at 60:40 explains 0.24·2.25/(1 + 0.24·2.25) = 0.35");
        FluentActions.Invoking(() => HeadRegression.Compute(measure, correct, groups, fitting, [.. scored, 0])).Should().Throw<GroupLeakException>();
        FluentActions.Invoking(() => HeadRegression.Compute([.. measure.Select(row => row.Select((value, head) => head == 3 ? double.NaN : value).ToArray())],
            correct, groups, fitting, scored))
            .Should().Throw<NotFiniteException>();
    }
}
