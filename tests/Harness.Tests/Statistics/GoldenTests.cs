using System.Text.Json;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Tests.Statistics;

/// <summary>Every statistic against scipy, scikit-learn and statsmodels on all cases of the reference file.</summary>
public class GoldenTests
{
    const double Tolerance = Reference.Tolerance;

    [Fact]
    public void Auroc_ReferenceCases_EqualScikitLearn() => Each("auroc", c =>
    {
        var (labels, scores) = (c.Flags("labels"), c.Numbers("scores"));
        Auroc.Value(labels, scores).Should().BeApproximately(c.Number("auroc"), Tolerance);
        Auroc.AveragePrecision(labels, scores).Should().BeApproximately(c.Number("average_precision"), Tolerance);
    });

    [Fact]
    public void DeLong_ReferenceCases_EqualBruteForceOverPairs() => Each("auroc", c =>
    {
        var (labels, scores) = (c.Flags("labels"), c.Numbers("scores"));
        var compute = () => DeLong.Interval(labels, scores);
        if (c.IsNull("delong_se"))
        {
            compute.Should().Throw<TooFewException>();
            return;
        }

        DeLong.StandardError(labels, scores).Should().BeApproximately(c.Number("delong_se"), Tolerance);
        Same(compute(), c.Numbers("delong_ci95"));
    });

    [Fact]
    public void DeLongPaired_ReferenceCases_EqualBruteForceOverPairs() => Each("delong_paired", c =>
    {
        var compute = () => DeLong.Paired(c.Flags("labels"), c.Numbers("a"), c.Numbers("b"));
        if (c.IsNull("p"))
        {
            compute.Should().Throw<StatisticsException>();
            return;
        }

        var (difference, error, p) = compute();
        difference.Value.Should().BeApproximately(c.Number("difference"), Tolerance);
        error.Should().BeApproximately(c.Number("se"), Tolerance);
        p.Should().BeApproximately(c.Number("p"), Tolerance);
    });

    [Fact]
    public void ClusteredAuroc_ReferenceCases_EqualObuchowski() => Each("auroc_clustered", c =>
    {
        var (labels, scores, groups) = (c.Flags("labels"), c.Numbers("scores"), Groups.From(c.Integers("groups")));
        var estimate = ClusteredAuroc.Interval(labels, scores, groups);
        estimate.Value.Should().BeApproximately(c.Number("auroc"), Tolerance);
        ClusteredAuroc.StandardError(labels, scores, groups).Should().BeApproximately(c.Number("se"), Tolerance);
        Same(estimate, c.Numbers("ci95"));
        (estimate.N, estimate.Groups, estimate.Level).Should().Be((labels.Length, groups.Count, 0.95));
    });

    [Fact]
    public void RocCurve_ReferenceCases_EqualScikitLearn() => Each("roc", c =>
    {
        var curve = RocCurve.Compute(c.Flags("labels"), c.Numbers("scores"));
        Same(curve.FalsePositiveRate, c.Numbers("fpr"));
        Same(curve.TruePositiveRate, c.Numbers("tpr"));
    });

    [Fact]
    public void PointBiserial_ReferenceCases_EqualScipy() => Each("point_biserial", c =>
    {
        var estimate = Correlation.PointBiserial(c.Flags("labels"), c.Numbers("values"));
        estimate.Value.Should().BeApproximately(c.Number("r"), Tolerance);
        Correlation.PValue(estimate.Value, estimate.N).Should().BeApproximately(c.Number("p"), Tolerance);
        Same(estimate, c.Numbers("ci95"));
    });

    [Fact]
    public void Spearman_ReferenceCases_EqualScipy() => Each("spearman", c =>
    {
        var (rho, p) = Correlation.Spearman(c.Numbers("a"), c.Numbers("b"));
        rho.Should().BeApproximately(c.Number("rho"), Tolerance);
        p.Should().BeApproximately(c.Number("p"), Tolerance);
    });

    [Fact]
    public void FisherZ_ReferenceCases_EqualScipy() => Each("fisher_z", c =>
    {
        Same(Correlation.FisherZ(c.Number("r"), c.GetProperty("n").GetInt32()), c.Numbers("ci95"));
        Same(Correlation.FisherZ(c.Number("r"), c.GetProperty("n").GetInt32(), 0.9), c.Numbers("ci90"));
    });

    [Fact]
    public void McNemar_ReferenceCases_EqualStatsmodels() => Each("mcnemar", c =>
    {
        var test = McNemar.Test(c.GetProperty("only_first").GetInt32(), c.GetProperty("only_second").GetInt32());
        test.P.Should().BeApproximately(c.Number("exact_p"), Tolerance);
        test.MidP.Should().BeApproximately(c.Number("mid_p"), Tolerance);
    });

    [Fact]
    public void Proportion_ReferenceCases_EqualStatsmodels() => Each("proportions", c =>
    {
        var (successes, n) = (c.GetProperty("successes").GetInt32(), c.GetProperty("n").GetInt32());
        Same(Proportion.Wilson(successes, n), c.Numbers("wilson"));
        Same(Proportion.ClopperPearson(successes, n), c.Numbers("beta"));
    });

    [Fact]
    public void MultipleTesting_ReferenceCases_EqualStatsmodels() => Each("holm", c =>
    {
        Same(MultipleTesting.Holm(c.Numbers("p")), c.Numbers("holm"));
    });

    [Fact]
    public void Calibration_ReferenceCases_EqualScikitLearn() => Each("calibration", c =>
    {
        var (labels, probabilities) = (c.Flags("labels"), c.Numbers("probabilities"));
        Calibration.Brier(labels, probabilities).Should().BeApproximately(c.Number("brier"), Tolerance);
        Calibration.LogLoss(labels, probabilities).Should().BeApproximately(c.Number("log_loss"), Tolerance);
        Calibration.ExpectedError(labels, probabilities).Should().BeApproximately(c.Number("ece_10_equal_width_right_closed"), Tolerance);
    });

    [Fact]
    public void RiskCoverage_ReferenceCases_EqualDirectSums() => Each("risk_coverage", c =>
    {
        var curve = RiskCoverage.Compute(c.Flags("correct"), c.Numbers("scores"));
        Same(curve.Risk, c.Numbers("risk"));
        curve.Area.Should().BeApproximately(c.Number("aurc"), Tolerance);
    });

    [Fact]
    public void MetaAnalysis_ReferenceCases_EqualDirectSums() => Each("meta", c =>
    {
        var meta = MetaAnalysis.OfCorrelations(c.Numbers("r"), c.Integers("n"));
        meta.Pooled.Value.Should().BeApproximately(c.Number("pooled_r"), Tolerance);
        Same(meta.Pooled, c.Numbers("ci95"));
        meta.CochranQ.Should().BeApproximately(c.Number("cochran_q"), Tolerance);
        meta.I2.Should().BeApproximately(c.Number("i2"), Tolerance);
        if (c.IsNull("p_q")) meta.HeterogeneityP.Should().BeNull();
        else meta.HeterogeneityP.Should().BeApproximately(c.Number("p_q"), Tolerance);
    });

    [Fact]
    public void Cases_OfTheReferenceFile_AreAllTested() => Reference.Cases("statistics").EnumerateObject().Select(list => list.Name).Should().BeSubsetOf(
        ["auroc", "delong_paired", "point_biserial", "fisher_z", "mcnemar", "proportions", "holm", "calibration", "risk_coverage", "meta", "spearman", "roc",
            "auroc_clustered"]);

    static void Each(string list, Action<JsonElement> check)
    {
        foreach (var (index, element) in Reference.Cases("statistics", list).Index())
            using (new FluentAssertions.Execution.AssertionScope($"{list}[{index}]"))
                check(element);
    }

    static void Same(Estimate estimate, double[] interval) => Same([estimate.Low, estimate.High], interval);

    static void Same(double[] got, double[] expected)
    {
        got.Should().HaveCount(expected.Length);
        for (var i = 0; i < expected.Length; i++) got[i].Should().BeApproximately(expected[i], Tolerance);
    }
}
