using Vrp.Harness.Statistics;

namespace Vrp.Harness.Tests.Statistics;

/// <summary>Do the intervals cover and the tests hold their level, at the study's sizes and with its clustering? 1,000 simulations each, fixed seeds. The bands
/// are 0.95 ± 0.02 and 0.05 ± 0.02: about three standard errors (0.0069) of the simulation itself.</summary>
public class CoverageTests(ITestOutputHelper output)
{
    const int Simulations = 1000;

    [Theory, InlineData(83, 6), InlineData(250, 6)]
    public void ClusteredAuroc_StudySizes_IntervalCovers(int images, int perImage) =>
        Simulation.Share(Simulations, images, perImage, 1, (s, _) => ClusteredAuroc.Interval(s.Labels, s.Score,
            s.Groups).Contains(Simulation.Auroc)).Should().BeInRange(0.93, 0.97);

    [Theory, InlineData(83, 6), InlineData(250, 6)]
    public void ClusteredMean_StudySizes_IntervalCovers(int images, int perImage) =>
        Simulation.Share(Simulations, images, perImage, 2, (s, _) => ClusteredMean.Interval(s.Right,
            s.Groups).Contains(Simulation.Accuracy)).Should().BeInRange(0.93, 0.97);

    [Fact]
    public void ClusteredBootstrap_OfACorrelation_IntervalCovers() =>
        Simulation.Share(Simulations, 250, 6, 3, (s, seed) => new ClusteredBootstrap(s.Groups, 400,
            seed).Percentile(GroupStatistics.Correlation(s.Unrelated, s.Right, s.Groups)).Contains(0))
            .Should().BeInRange(0.93, 0.97);

    [Theory, InlineData(83, 6), InlineData(250, 6)]
    public void ClusteredAurocPaired_EqualModels_SeldomCalledDifferent(int images, int perImage) =>
        Simulation.Share(Simulations, images, perImage, 4, (s, _) => ClusteredAuroc.Paired(s.Labels, s.Score, s.Other,
            s.Groups).P < 0.05).Should().BeInRange(0.03, 0.07);

    [Theory, InlineData(83, 6), InlineData(250, 6)]
    public void SignFlip_EqualModels_SeldomCalledDifferent(int images, int perImage) =>
        Simulation.Share(Simulations, images, perImage, 5, (s, seed) => SignFlip.Test(Flips(s), s.Groups, 999, seed).P <= 0.05).Should().BeInRange(0.03, 0.07);

    [Fact]
    public void ClusteredMean_EqualModels_SeldomCalledDifferent() =>
        Simulation.Share(Simulations, 83, 6, 6, (s, _) => ClusteredMean.PValue(Flips(s), s.Groups) < 0.05).Should().BeInRange(0.03, 0.07);

    [Fact]
    public void GroupedPermutation_NoRelation_PValuesAreUniform()
    {
        var p = new double[Simulations];
        Parallel.For(0, Simulations, index =>
        {
            var s = Simulation.Draw(83, 6, 7, index);
            // The score itself would separate; the one without relation shares the images' structure with the labels and nothing else.
            var random = Xoshiro256.Stream(8, index);
            var observed = Auroc.Value(s.Labels, s.Unrelated);
            var permuted = new double[99];
            for (var k = 0; k < permuted.Length; k++) permuted[k] = Auroc.Value(Permutation.OfGroupedLabels(s.Labels, s.Groups, ref random), s.Unrelated);
            p[index] = Permutation.PValue(observed, permuted);
        });
        foreach (var level in new[] { 0.05, 0.25, 0.5, 0.75 })
            (p.Count(value => value <= level) / (double)Simulations).Should().BeApproximately(level, 0.045, "three standard errors at one half, level {0}",
                level);
        (p.Count(value => value <= 0.05) / (double)Simulations).Should().BeInRange(0.03, 0.07);
    }

    /// <summary>The table of docs/statistics.md: VRP_COVERAGE=1 dotnet test tests/Harness.Tests -c Release --filter Coverage_EveryMethodOffered_Table --logger
    /// "console;verbosity=detailed".</summary>
    [Fact]
    public void Coverage_EveryMethodOffered_Table()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("VRP_COVERAGE") is null,
            "Takes minutes and only prints the table of docs/statistics.md: set VRP_COVERAGE=1 to run it.");
        (string Name, double Truth, Func<Simulation, ulong, Estimate> Interval)[] methods =
        [
            ("AUROC, Obuchowski, logit scale (judges)", Simulation.Auroc, (s, _) => ClusteredAuroc.Interval(s.Labels, s.Score, s.Groups)),
            ("AUROC, bootstrap of images, BCa", Simulation.Auroc,
                (s, seed) => new ClusteredBootstrap(s.Groups, 1000, seed).Bca(GroupStatistics.Auroc(s.Labels, s.Score, s.Groups))),
            ("AUROC, bootstrap of images, percentile", Simulation.Auroc,
                (s, seed) => new ClusteredBootstrap(s.Groups, 1000, seed).Percentile(GroupStatistics.Auroc(s.Labels, s.Score, s.Groups))),
            ("AUROC, DeLong (ignores images)", Simulation.Auroc, (s, _) => DeLong.Interval(s.Labels, s.Score)),
            ("difference of AUROCs, Obuchowski paired (judges)", 0, (s, _) => ClusteredAuroc.Paired(s.Labels, s.Score, s.Other, s.Groups).Difference),
            ("difference of AUROCs, bootstrap of images, percentile", 0, (s, seed) => new ClusteredBootstrap(s.Groups, 1000, seed).Percentile(
                GroupStatistics.Difference(GroupStatistics.Auroc(s.Labels, s.Score, s.Groups), GroupStatistics.Auroc(s.Labels, s.Other, s.Groups)))),
            ("difference of AUROCs, DeLong paired (ignores images)", 0, (s, _) => DeLong.Paired(s.Labels, s.Score, s.Other).Difference),
            ("accuracy, clustered t (judges)", Simulation.Accuracy, (s, _) => ClusteredMean.Interval(s.Right, s.Groups)),
            ("accuracy, bootstrap of images, percentile", Simulation.Accuracy,
                (s, seed) => new ClusteredBootstrap(s.Groups, 1000, seed).Percentile(GroupStatistics.Mean(s.Right, s.Groups))),
            ("accuracy, Wilson (ignores images)", Simulation.Accuracy, (s, _) => Proportion.Wilson(s.Labels.Count(label => label), s.Labels.Length)),
            ("accuracy, Clopper-Pearson (ignores images)", Simulation.Accuracy,
                (s, _) => Proportion.ClopperPearson(s.Labels.Count(label => label), s.Labels.Length)),
            ("R_pb = 0, bootstrap of images, percentile (judges with the next)", 0,
                (s, seed) => new ClusteredBootstrap(s.Groups, 1000, seed).Percentile(GroupStatistics.Correlation(s.Unrelated, s.Right, s.Groups))),
            ("R_pb = 0, Fisher z (ignores images)", 0, (s, _) => Correlation.PointBiserial(s.Labels, s.Unrelated)),
        ];
        output.WriteLine("| interval, 95 % | 83 × 6 | 250 × 6 |\n|---|---|---|");
        foreach (var (name, truth, interval) in methods)
        {
            var shares = new[] { 83, 250 }.Select(images => Simulation.Share(Simulations, images, 6, 11,
                (s, seed) => interval(s, seed).Contains(truth))).ToArray();
            output.WriteLine(FormattableString.Invariant($"| {name} | {shares[0]:0.000} | {shares[1]:0.000} |"));
            shares.Should().OnlyContain(share => share > 0.5, "a method that covers less is not offered");
        }
    }

    /// <summary>Right/wrong of two models of equal accuracy on the same questions, as first − second: thresholds on two scores with the same distribution,
    /// clustered within images.</summary>
    static double[] Flips(Simulation s) => [.. s.Score.Zip(s.Other, (a, b) => (a > 0.8 ? 1.0 : 0) - (b > 0.8 ? 1.0 : 0))];
}
