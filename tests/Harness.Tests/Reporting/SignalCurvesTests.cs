using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Reporting;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Tests.Reporting;

public class SignalCurvesTests
{
    [Fact]
    public void Roc_Area_IsTheEstimateOfMetricsJson()
    {
        foreach (var study in SampleReports.Studies)
        {
            var curves = SignalCurves.Roc(study).ToArray();
            curves.Select(curve => curve.Signal).Should().Contain(["probe", "fusion", "self_consistency", "first_token_probability", "p_tok"]);
            foreach (var curve in curves.Where(curve => curve.Estimate is not null))
            {
                curve.Area.Should().BeApproximately(curve.Estimate!.Estimate.Value, 1e-9, "{0} of {1}", curve.Signal, study.Subject);
                curve.N.Should().Be(curve.Estimate.Estimate.N);
            }

            curves.Single(curve => curve.Signal == "probe").Estimate.Should().NotBeNull();
        }
    }

    [Fact]
    public void Roc_Curves_RunFromCornerToCorner()
    {
        foreach (var curve in SignalCurves.Roc(SampleReports.Studies[0]))
        {
            (curve.X[0], curve.Y[0], curve.X[^1], curve.Y[^1]).Should().Be((0, 0, 1, 1));
            curve.X.Should().BeInAscendingOrder();
            curve.X.Length.Should().BeLessThanOrEqualTo(240);
        }
    }

    [Fact]
    public void RiskCoverages_Lines_StandOnTheSameRowsAndMeetAtTheErrorRate()
    {
        var curves = SignalCurves.RiskCoverages(SampleReports.Studies[0]).ToArray();
        curves.Length.Should().BeGreaterThan(2);
        curves.Select(curve => curve.N).Distinct().Should().ContainSingle();
        curves.Select(curve => Math.Round(curve.Y[^1], 9)).Distinct().Should().ContainSingle();
    }

    [Fact]
    public void Reliability_Bins_HoldAllJudgedRows() =>
        SignalCurves.Reliability(SampleReports.Studies[0]).Sum(bin => bin.ShareCorrect.N).Should()
            .Be(SampleReports.Studies[0].Questions.Count(question => question.Label != AnswerStatus.Unjudged));

    [Fact]
    public void Roc_OneClassOrNothing_HasNoCurve()
    {
        var study = SampleReports.Studies[0];
        SignalCurves.Roc(study with { Questions = [] }).Should().BeEmpty();
        SignalCurves.RiskCoverages(study with { Questions = [] }).Should().BeEmpty();
        SignalCurves.Reliability(study with { Questions = [] }).Should().BeEmpty();
        SignalCurves.Roc(study with { Questions = [.. study.Questions.Where(question => question.Label == AnswerStatus.Correct)] }).Should().BeEmpty();
    }

    [Fact]
    public void Auroc_Ties_CountHalf() => SignalCurve.Auroc(RocCurve.Compute([true, false, true, false], [1, 1, 1, 1])).Should().Be(0.5);
}
