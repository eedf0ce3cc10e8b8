using FluentAssertions;
using Vrp.Harness.Statistics;
using Xunit;

namespace Vrp.Harness.Tests.Statistics;

public class StratifiedAurocTests
{
    static (bool[] Labels, double[] Scores, int[] Strata, Groups Groups) Make(ulong seed, int images, int perImage, double effect, double shift)
    {
        var random = new Xoshiro256(seed);
        var n = images * perImage;
        var (labels, scores, strata) = (new bool[n], new double[n], new int[n]);
        for (var image = 0; image < images; image++)
        {
            var own = 0.7 * random.NextGaussian();
            for (var q = 0; q < perImage; q++)
            {
                var i = image * perImage + q;
                strata[i] = q % 2;
                labels[i] = random.NextGaussian() + own > (strata[i] == 0 ? -0.5 : 0.5);
                scores[i] = random.NextGaussian() + 0.5 * own * (effect > 0 ? 1 : 0) + (labels[i] ? effect : 0) + shift * strata[i];
            }
        }

        return (labels, scores, strata, Groups.From(Enumerable.Range(0, n).Select(i => i / perImage)));
    }

    [Fact]
    public void Interval_OneStratum_IsTheClusteredAuroc()
    {
        var (labels, scores, _, groups) = Make(1, 40, 6, 0.5, 0);
        StratifiedAuroc.Interval(labels, scores, new int[labels.Length], groups).Should().Be(ClusteredAuroc.Interval(labels, scores, groups));
    }

    [Fact]
    public void Interval_Value_IsTheWeightedMeanOfPairsWithinStrata()
    {
        var (labels, scores, strata, groups) = Make(2, 30, 4, 0.5, 1);
        double sum = 0, weights = 0;
        foreach (var stratum in new[] { 0, 1 })
        {
            double wins = 0, positives = 0, negatives = 0;
            for (var i = 0; i < labels.Length; i++)
            {
                if (strata[i] != stratum) continue;
                (positives, negatives) = labels[i] ? (positives + 1, negatives) : (positives, negatives + 1);
                for (var j = 0; labels[i] && j < labels.Length; j++)
                    if (strata[j] == stratum && !labels[j]) wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            }

            var weight = positives * negatives / (positives + negatives);
            (sum, weights) = (sum + weight * wins / (positives * negatives), weights + weight);
        }

        StratifiedAuroc.Interval(labels, scores, strata, groups).Value.Should().BeApproximately(sum / weights, 1e-12);
    }

    [Fact]
    public void Interval_ScoreThatOnlyKnowsTheStratum_IsAtOneHalf()
    {
        var (labels, _, strata, groups) = Make(3, 60, 6, 0, 0);
        double[] scores = [.. strata.Select(s => -(double)s)];

        Auroc.Value(labels, scores).Should().BeGreaterThan(0.6);
        StratifiedAuroc.Interval(labels, scores, strata, groups).Value.Should().Be(0.5);
    }

    [Fact]
    public void Interval_ClusteredNull_CoversAboutItsLevel()
    {
        const int runs = 400;
        var covered = Enumerable.Range(0, runs).Count(run =>
        {
            var (labels, scores, strata, groups) = Make((ulong)run + 10, 80, 6, 0, 2);
            return StratifiedAuroc.Interval(labels, scores, strata, groups).Contains(0.5);
        });

        // 0.95 ± 3 binomial standard errors of 400 runs.
        (covered / (double)runs).Should().BeInRange(0.917, 0.983);
    }

    [Fact]
    public void Paired_SameScores_DifferByZero()
    {
        var (labels, scores, strata, groups) = Make(5, 40, 6, 0.5, 0);
        var (difference, p) = StratifiedAuroc.Paired(labels, scores, scores, strata, groups);
        (difference.Value, difference.Low, difference.High, p).Should().Be((0, 0, 0, 1));
    }

    [Fact]
    public void Interval_StratumOfOneClass_IsRefused()
    {
        bool[] labels = [true, false, true, true];
        ((Action)(() => StratifiedAuroc.Interval(labels, [1, 2, 3, 4], [0, 0, 1, 1], Groups.Singletons(4)))).Should().Throw<OneClassException>();
    }
}
