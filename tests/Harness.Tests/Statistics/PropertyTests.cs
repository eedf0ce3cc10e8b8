using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Tests.Statistics;

/// <summary>What must hold for any data: FsCheck draws sizes and seeds, our generator the data, so that a failure is two numbers long.</summary>
public class PropertyTests
{
    [Property(MaxTest = 200)]
    public void Auroc_MonotoneMapOfScores_Unchanged(PositiveInt size, DoNotSize<int> seed)
    {
        var (labels, scores, _) = Data(size, seed.Item);
        Auroc.Value(labels, [.. scores.Select(score => Math.Exp(score / 2) * 3 - 7)]).Should().Be(Auroc.Value(labels, scores));
    }

    [Property(MaxTest = 200)]
    public void Auroc_ClassesExchangedOrScoresNegated_IsTheComplement(PositiveInt size, DoNotSize<int> seed)
    {
        var (labels, scores, _) = Data(size, seed.Item);
        var auroc = Auroc.Value(labels, scores);
        auroc.Should().BeInRange(0, 1);
        Auroc.Value([.. labels.Select(label => !label)], scores).Should().BeApproximately(1 - auroc, 1e-12);
        Auroc.Value(labels, [.. scores.Select(score => -score)]).Should().BeApproximately(1 - auroc, 1e-12);
    }

    [Property(MaxTest = 100)]
    public void Auroc_EveryPair_IsCountedOnce(PositiveInt size, DoNotSize<int> seed)
    {
        var (labels, scores, _) = Data(size, seed.Item);
        var pairs = from i in Enumerable.Range(0, labels.Length) where labels[i] from j in Enumerable.Range(0, labels.Length) where !labels[j]
                    select scores[i] > scores[j] ? 1.0 : scores[i] == scores[j] ? 0.5 : 0;
        Auroc.Value(labels, scores).Should().BeApproximately(pairs.Average(), 1e-12);
    }

    [Property(MaxTest = 100)]
    public void Auroc_AsAreaUnderTheCurve_IsTheSame(PositiveInt size, DoNotSize<int> seed)
    {
        var (labels, scores, _) = Data(size, seed.Item);
        var curve = RocCurve.Compute(labels, scores);
        double[] x = curve.FalsePositiveRate, y = curve.TruePositiveRate;
        Enumerable.Range(1, x.Length - 1).Sum(k => (x[k] - x[k - 1]) * (y[k] + y[k - 1]) / 2).Should().BeApproximately(Auroc.Value(labels, scores), 1e-12);
    }

    [Property(MaxTest = 100)]
    public void ClusteredAuroc_RowsInAnotherOrder_Unchanged(PositiveInt size, DoNotSize<int> seed)
    {
        var (labels, scores, groups) = Data(size, seed.Item);
        var order = Enumerable.Range(0, labels.Length).ToArray();
        new Xoshiro256((ulong)seed.Item + 99).Shuffle<int>(order);
        var first = ClusteredAuroc.StandardError(labels, scores, groups);
        var second = ClusteredAuroc.StandardError([.. order.Select(i => labels[i])], [.. order.Select(i => scores[i])], groups.Select(order));
        second.Should().BeApproximately(first, 1e-12);
    }

    [Property(MaxTest = 100)]
    public void ClusteredAuroc_EveryRowTwice_ErrorUnchanged(PositiveInt size, DoNotSize<int> seed)
    {
        // Doubling rows within their images adds no information; DeLong's error shrinks by √2, the clustered one must not.
        var (labels, scores, groups) = Data(size, seed.Item);
        var once = ClusteredAuroc.StandardError(labels, scores, groups);
        var twice = ClusteredAuroc.StandardError([.. labels, .. labels], [.. scores, .. scores], Groups.From(groups.Of.ToArray().Concat(groups.Of.ToArray())));
        twice.Should().BeApproximately(once, 1e-9);
    }

    [Property(MaxTest = 200)]
    public void Holm_AnyFamily_KeepsOrderAndNeverLowersAP(NonEmptyArray<byte> values)
    {
        double[] p = [.. values.Get.Select(value => value / 255.0)];
        var holm = MultipleTesting.Holm(p);
        for (var i = 0; i < p.Length; i++)
        {
            holm[i].Should().BeInRange(p[i], 1);
            for (var j = 0; j < p.Length; j++)
                if (p[i] < p[j]) holm[i].Should().BeLessThanOrEqualTo(holm[j]);
        }
    }

    [Property(MaxTest = 200)]
    public void Entropy_AnyMap_IsBetweenZeroAndLogN(PositiveInt size, DoNotSize<int> seed)
    {
        var random = new Xoshiro256((ulong)seed.Item);
        int h = 1 + size.Get % 12, w = 1 + size.Get % 7;
        var map = AttentionMap.Renormalise(Enumerable.Range(0,
            h * w).Select(_ => random.NextDouble() < 0.3 ? 0 : Math.Exp(4 * random.NextGaussian())).Append(1).Skip(1).ToArray(), h, w);
        Entropy.OfMap(map).Should().BeInRange(0, Math.Log(h * w) + 1e-12);
        map.Mass.ToArray().Sum().Should().BeApproximately(1, 1e-12);
    }

    [Property(MaxTest = 200)]
    public void Wilson_AnyCounts_IntervalHoldsTheShareAndStaysInRange(PositiveInt n, NonNegativeInt k)
    {
        var estimate = Proportion.Wilson(k.Get % (n.Get + 1), n.Get);
        estimate.Low.Should().BeInRange(0, estimate.Value + 1e-15);
        estimate.High.Should().BeInRange(estimate.Value - 1e-15, 1);
    }

    [Property(MaxTest = 100)]
    public void McNemar_Exchanged_SameP(byte b, byte c)
    {
        var (one, other) = (McNemar.Test(b, c), McNemar.Test(c, b));
        (one.P, one.MidP).Should().Be((other.P, other.MidP));
        one.P.Should().BeInRange(0, 1);
        one.MidP.Should().BeLessThanOrEqualTo(one.P);
    }

    [Property(MaxTest = 20)]
    public void Bootstrap_SameSeed_SameBytesWhateverTheThreads(PositiveInt size, DoNotSize<int> seed)
    {
        var (labels, scores, groups) = Data(size, seed.Item);
        var bootstrap = new ClusteredBootstrap(groups, 500, (ulong)seed.Item);
        var statistic = GroupStatistics.Auroc(labels, scores, groups);
        var parallel = bootstrap.Draws(statistic);
        var oneByOne = new double[500];
        for (var draw = 0; draw < 500; draw++)
        {
            var counts = new int[groups.Count];
            var random = Xoshiro256.Stream((ulong)seed.Item, draw);
            do
            {
                Array.Clear(counts);
                for (var i = 0; i < counts.Length; i++) counts[random.NextInt(counts.Length)]++;
                oneByOne[draw] = statistic(counts);
            }
            while (double.IsNaN(oneByOne[draw]));
        }

        parallel.Should().Equal(oneByOne);
    }

    [Property(MaxTest = 50)]
    public void GroupStatistics_WeightsOfOneOrMore_AreTheStatisticOfRepeatedRows(PositiveInt size, DoNotSize<int> seed)
    {
        var (labels, scores, groups) = Data(size, seed.Item);
        var random = new Xoshiro256((ulong)seed.Item + 5);
        int[] counts = [.. Enumerable.Range(0, groups.Count).Select(_ => 1 + random.NextInt(3))];
        int[] rows = [.. Enumerable.Range(0, labels.Length).SelectMany(row => Enumerable.Repeat(row, counts[groups.Of[row]]))];
        bool[] y = [.. rows.Select(row => labels[row])];
        double[] s = [.. rows.Select(row => scores[row])], numbers = [.. labels.Select(label => label ? 1.0 : 0)];
        GroupStatistics.Auroc(labels, scores, groups)(counts).Should().BeApproximately(Auroc.Value(y, s), 1e-12);
        GroupStatistics.Mean(scores, groups)(counts).Should().BeApproximately(s.Average(), 1e-9);
        if (s.Distinct().Count() > 1)
            GroupStatistics.Correlation(scores, numbers, groups)(counts).Should().BeApproximately(Correlation.PointBiserialValue(y, s), 1e-9);
    }

    [Property(MaxTest = 100)]
    public void GroupedPermutation_AnyData_MovesWholeImages(PositiveInt size, DoNotSize<int> seed)
    {
        var (labels, _, groups) = Data(size, seed.Item);
        var random = new Xoshiro256((ulong)seed.Item);
        var permuted = Permutation.OfGroupedLabels(labels, groups, ref random);
        string Vector(bool[] of, int group) => string.Concat(groups.Rows(group).ToArray().Select(row => of[row] ? '1' : '0'));
        Enumerable.Range(0, groups.Count).Select(g => Vector(permuted, g)).Should().BeEquivalentTo(Enumerable.Range(0,
            groups.Count).Select(g => Vector(labels, g)));
    }

    [Property(MaxTest = 100)]
    public void ExpectedAgreement_AnyDistribution_IsBetweenTheLargestShareAndOne(PositiveInt size, DoNotSize<int> seed)
    {
        var random = new Xoshiro256((ulong)seed.Item);
        double[] p = [.. Enumerable.Range(0, 1 + size.Get % 6).Select(_ => random.NextDouble() + 1e-3)];
        p = [.. p.Select(value => value / p.Sum())];
        SelfConsistency.Expected(p, 10).Should().BeInRange(p.Max() - 1e-12, 1 + 1e-12, "E[max] ≥ max E");
        SelfConsistency.Expected(p, 1).Should().Be(1);
    }

    /// <summary>8 to 47 images of two to five rows (two of each size at least) of both classes, scores with ties.</summary>
    static (bool[] Labels, double[] Scores, Groups Groups) Data(PositiveInt size, int seed)
    {
        var random = new Xoshiro256((ulong)seed);
        var (labels, scores, groups) = (new List<bool>(), new List<double>(), new List<int>());
        for (var image = 0; image < 8 + size.Get % 40; image++)
            for (var row = 0; row < 2 + image % 4; row++)
            {
                labels.Add(row == 0 || (row > 1 && random.NextDouble() < 0.5));
                scores.Add(Math.Round(random.NextGaussian() * 3) / 3);
                groups.Add(image);
            }

        return ([.. labels], [.. scores], Groups.From(groups));
    }
}
