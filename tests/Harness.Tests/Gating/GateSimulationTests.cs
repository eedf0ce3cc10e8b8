using FluentAssertions;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Gating;
using Vrp.Harness.Statistics;
using Xunit;

namespace Vrp.Harness.Tests.Gating;

/// <summary>Does the gate's rule hold its word over many made-up pairs of models? Fixed seeds; the simulation's own standard error at 5 % is 0.007 with 1,000
/// pairs.</summary>
public class GateSimulationTests(ITestOutputHelper output)
{
    static double Share(int simulations, MadeUpRun run, Func<GateResult, bool> holds)
    {
        var hits = new bool[simulations];
        Parallel.For(0, simulations, index =>
        {
            var (baseline, candidate) = (run with { Seed = (ulong)index + 1 }).Build();
            hits[index] = holds(Gate.Compare(baseline, candidate, new GateOptions { Draws = 200 }));
        });
        return hits.Count(hit => hit) / (double)simulations;
    }

    [Fact]
    public void Compare_EqualModels_AreSeldomCalledRegressed()
    {
        // Small and clustered: every margin is far inside the noise, so that only the tests hold the gate back.
        var share = Share(1000, new MadeUpRun(), result => result.Outcome == GateOutcome.Regression);
        output.WriteLine(FormattableString.Invariant($"called regressed: {share:0.000}"));
        share.Should().BeLessThanOrEqualTo(0.07);
    }

    [Fact]
    public void Compare_LossBeyondTheMargin_IsFound()
    {
        var share = Share(60, new MadeUpRun { Images = 300, Accuracy = (0.85, 0.78) }, result => result.Outcome == GateOutcome.Regression);
        output.WriteLine(FormattableString.Invariant($"found: {share:0.000}"));
        share.Should().BeGreaterThan(0.9);
    }

    [Fact]
    public void Compare_LossOfExactlyTheMargin_IsSeldomCalledNonInferior()
    {
        var share = Share(200, new MadeUpRun { Images = 250, Accuracy = (0.85, 0.83) }, result => result.Metrics[0].Outcome == MetricOutcome.NonInferior);
        output.WriteLine(FormattableString.Invariant($"called non-inferior: {share:0.000}"));
        share.Should().BeLessThanOrEqualTo(0.05, "one-sided 2.5 %, and two standard errors of 200 simulations");
    }

    [Fact]
    public void AurocDifference_ModelsWithTheirOwnLabels_IntervalCovers()
    {
        var covered = new bool[1000];
        Parallel.For(0, covered.Length, index =>
        {
            var (baseline, candidate) = new MadeUpRun { Images = 100, Accuracy = (0.8, 0.7), Kinds = ["yes-no"], Seed = (ulong)index + 1 }.Build();
            var groups = Groups.From(baseline.Questions.Select(question => question.Group));
            RowInfluence Of(IReadOnlyList<Vrp.Harness.Claims.QuestionResult> questions) =>
                RowInfluence.Auroc([.. questions.Select(s => s.IsCorrect)], [.. questions.Select(s => s.Scores["first_token_probability"])], groups);
            // Signals of equal strength: the true difference is 0 whatever the models' accuracies.
            covered[index] = RowInfluence.Difference(Of(candidate.Questions), Of(baseline.Questions), groups, "test").Difference.Contains(0);
        });
        var share = covered.Count(hit => hit) / 1000.0;
        output.WriteLine(FormattableString.Invariant($"covered: {share:0.000}"));
        share.Should().BeInRange(0.93, 0.97);
    }
}
