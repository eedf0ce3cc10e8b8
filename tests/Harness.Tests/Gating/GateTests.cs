using FluentAssertions;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Gating;
using Vrp.Harness.Statistics;
using Vrp.Models;
using Xunit;

namespace Vrp.Harness.Tests.Gating;

public class GateTests
{
    static readonly GateOptions options = new() { Draws = 400 };

    static readonly MadeUpRun large = new() { Images = 500, PerImage = 6 };

    static GateResult Compare(MadeUpRun run, GateOptions? with = null)
    {
        var (baseline, candidate) = run.Build();
        return Gate.Compare(baseline, candidate, with ?? options);
    }

    static MetricResult Metric(GateResult result, string name) => result.Metrics.Single(metric => metric.Name == name);

    static StudyResult Change(StudyResult study, Func<QuestionResult, QuestionResult> change) => study with { Questions = [.. study.Questions.Select(change)] };

    [Fact]
    public void Compare_IdenticalCandidate_Passes()
    {
        var (baseline, _) = large.Build();
        var result = Gate.Compare(baseline, baseline, options);

        result.Outcome.Should().Be(GateOutcome.Pass);
        ((int)result.Outcome).Should().Be(0);
        (result.Questions, result.Images).Should().Be((3000, 500));
        result.Flips.Should().BeEmpty();
        result.VerdictChanges.Should().BeEmpty();
        foreach (var metric in result.Metrics.Where(m => m.Outcome != MetricOutcome.NotMeasured)) metric.Difference!.Value.Should().Be(0, metric.Name);
        result.Metrics.Where(m => m.Outcome == MetricOutcome.Regressed).Should().BeEmpty();
        Metric(result, "accuracy").Outcome.Should().Be(MetricOutcome.NonInferior);
        Metric(result, "accuracy_open").Outcome.Should().Be(MetricOutcome.NotMeasured, "there are no open questions");
    }

    [Theory, InlineData(0.80, 0.75), InlineData(0.90, 0.86), InlineData(0.85, 0.77)]
    public void Compare_AccuracyFallsByPoints_IsARegression(double before, double after)
    {
        var result = Compare(large with { Accuracy = (before, after) });

        ((int)result.Outcome).Should().Be(1);
        var accuracy = Metric(result, "accuracy");
        accuracy.Outcome.Should().Be(MetricOutcome.Regressed);
        accuracy.AdjustedP.Should().BeLessThan(0.05).And.BeGreaterThanOrEqualTo(accuracy.P!.Value);
        accuracy.Difference!.Contains(after - before).Should().BeTrue();
        result.Reasons[0].Should().StartWith("accuracy lost").And.Contain("margin 0.02").And.Contain("McNemar");
    }

    [Fact]
    public void Compare_BetterCandidateWithWeakerRanking_Passes()
    {
        // Fewer errors, ranked clearly worse: AUROC falls by far more than its margin, and still less that is wrong gets through.
        var result = Compare(large with { Accuracy = (0.80, 0.95), Signal = (1.8, 1.2) });

        result.Outcome.Should().Be(GateOutcome.Pass);
        var ranking = Metric(result, "confidence_auroc");
        ranking.Difference!.Value.Should().BeLessThan(-0.05);
        ranking.Outcome.Should().Be(MetricOutcome.Undecided);
        ranking.Reason.Should().Contain("harder to rank");
        Metric(result, "confidence_risk_at_80").Difference!.Value.Should().BePositive();
    }

    [Fact]
    public void Compare_EqualAccuracyWithWeakerRanking_IsARegression()
    {
        var result = Compare(large with { Signal = (1.8, 0.9) });

        result.Outcome.Should().Be(GateOutcome.Regression);
        Metric(result, "confidence_auroc").Outcome.Should().Be(MetricOutcome.Regressed);
        Metric(result, "accuracy").Outcome.Should().NotBe(MetricOutcome.Regressed);
    }

    [Fact]
    public void Compare_MoreUnparsedOrFragile_IsFoundByThatMetric()
    {
        Metric(Compare(large with { Unparsed = 0.05 }), "unparsed_share").Outcome.Should().Be(MetricOutcome.Regressed);
        Metric(Compare(large with { Fragility = 0.25 }), "ablation_excess_all").Outcome.Should().Be(MetricOutcome.Regressed);
    }

    [Fact]
    public void Compare_OppositeVerdict_IsAClaimBroken()
    {
        var (baseline, _) = large.Build();
        var before = MadeUpRun.With(baseline, ("logit-lens", Verdict.Supported), ("hidden-state-probe", Verdict.Supported));
        var after = MadeUpRun.With(baseline, ("logit-lens", Verdict.Inconclusive), ("hidden-state-probe", Verdict.Refuted));

        var result = Gate.Compare(before, after, options);

        ((int)result.Outcome).Should().Be(2);
        result.VerdictChanges.Select(change => change.Claim).Should().Equal("hidden-state-probe", "logit-lens");
        result.Reasons.Should().ContainSingle().Which.Should().Contain("hidden-state-probe was Supported and is Refuted");
        var expected = options with { Expected = new Dictionary<string, Verdict> { ["hidden-state-probe"] = Verdict.Refuted } };
        Gate.Compare(before, after, expected).Outcome.Should().Be(GateOutcome.Pass, "the ledger expects it");
    }

    [Fact]
    public void Compare_OneOppositeVerdictOfTwoExpected_HeadlineNamesTheOther()
    {
        var (baseline, _) = large.Build();
        var before = MadeUpRun.With(baseline, ("fusion", Verdict.Supported), ("hidden-state-probe", Verdict.Supported));
        var after = MadeUpRun.With(baseline, ("fusion", Verdict.Refuted), ("hidden-state-probe", Verdict.Refuted));

        var result = Gate.Compare(before, after, options with { Expected = new Dictionary<string, Verdict> { ["hidden-state-probe"] = Verdict.Refuted } });

        result.Outcome.Should().Be(GateOutcome.ClaimBroken);
        GateTables.Headline(result).Should().Be("CLAIM BROKEN: fusion.");
        result.VerdictChanges.Should().OnlyContain(change => change.IsOpposite && change.Expected == (change.Claim == "hidden-state-probe"));
    }

    [Fact]
    public void Compare_RegressionAndBrokenClaim_RegressionComesFirstAndBothAreTold()
    {
        var (baseline, candidate) = (large with { Accuracy = (0.85, 0.75) }).Build();
        var result = Gate.Compare(MadeUpRun.With(baseline, ("fusion", Verdict.Refuted)), MadeUpRun.With(candidate, ("fusion", Verdict.Supported)), options);

        result.Outcome.Should().Be(GateOutcome.Regression);
        result.Reasons.Should().Contain(reason => reason.Contains("claim fusion"));
    }

    [Fact]
    public void Compare_TooFewQuestions_CouldNotJudgeAndSaysWhatWould()
    {
        var result = Compare(new MadeUpRun { Images = 20, PerImage = 3 });

        ((int)result.Outcome).Should().Be(3);
        Metric(result, "accuracy").Outcome.Should().Be(MetricOutcome.Undecided);
        result.Reasons.Should().Contain(reason => reason.Contains("accuracy") && reason.Contains("questions would"));
    }

    [Theory, InlineData(0, 1), InlineData(1, 1), InlineData(1, 2), InlineData(2, 1)]
    public void Compare_NextToNothing_CouldNotJudge(int images, int perImage)
    {
        var (baseline, candidate) = new MadeUpRun { Images = images, PerImage = perImage }.Build();
        var result = Gate.Compare(baseline, candidate, options);

        result.Outcome.Should().Be(GateOutcome.CouldNotJudge);
        result.Metrics.Should().OnlyContain(metric => metric.Outcome == MetricOutcome.NotMeasured && metric.Difference == null);
        GateTables.Render(result).Should().Contain("COULD NOT JUDGE");
    }

    [Fact]
    public void Compare_OneImageOnly_CouldNotJudge()
    {
        var result = Compare(new MadeUpRun { Images = 1, PerImage = 60 });

        result.Outcome.Should().Be(GateOutcome.CouldNotJudge);
        Metric(result, "accuracy").Reason.Should().Contain("groups");
    }

    [Fact]
    public void Compare_CandidateWithoutErrors_PassesAndRankingIsNotMeasured()
    {
        var (baseline, _) = large.Build();
        var perfect = Change(baseline,
            question =>
                question with { Label = AnswerStatus.Correct, Scores = question.Scores.Where(s => s.Key != "probe").ToDictionary(s => s.Key, s => s.Value) });
        var result = Gate.Compare(baseline, perfect, options);

        result.Outcome.Should().Be(GateOutcome.Pass);
        Metric(result, "confidence_auroc").Reason.Should().Contain("nothing to rank");
        Metric(result, "probe_auroc").Reason.Should().Contain("too few to fit a probe");
        Metric(result, "accuracy").Difference!.IsAbove(0.1).Should().BeTrue();
    }

    [Fact]
    public void Compare_EverythingLost_IsARegressionThoughNothingVaries()
    {
        var (baseline, _) = large.Build();
        var result = Gate.Compare(Change(baseline, question => question with { Label = AnswerStatus.Correct }),
            Change(baseline, question => question with { Label = AnswerStatus.Wrong }),
            options);

        result.Outcome.Should().Be(GateOutcome.Regression);
        Metric(result, "accuracy").Difference!.Value.Should().Be(-1);
    }

    [Fact]
    public void Compare_CandidateLacksAMeasureOfTheBaseline_CouldNotJudge()
    {
        var (baseline, _) = large.Build();
        var without = Change(baseline, question => question with { Excess = new Dictionary<string, double>() });

        var lost = Gate.Compare(baseline, without, options);
        lost.Outcome.Should().Be(GateOutcome.CouldNotJudge);
        lost.Reasons.Should().Contain(reason => reason.Contains("ablation_excess_all") && reason.Contains("--budget full"));
        Gate.Compare(without, baseline, options).Outcome.Should().Be(GateOutcome.Pass, "a measure that the baseline lacks can only be reported");
        var noProbe = Change(baseline, question => question with { Scores = question.Scores.Where(score => score.Key != "probe").ToDictionary() });
        Gate.Compare(baseline, noProbe, options).Outcome.Should().Be(GateOutcome.CouldNotJudge);
        var partial = Change(baseline, question => question.Id == "q-0-0" ? question with { Scores = new Dictionary<string, double>() } : question);
        Metric(Gate.Compare(baseline, partial, options), "brier").Reason.Should().Contain("missing for 0 rows of the baseline and 1 of the candidate");
    }

    [Fact]
    public void Compare_ClaimNoLongerJudged_CouldNotJudge()
    {
        var (baseline, _) = large.Build();
        var result = Gate.Compare(MadeUpRun.With(baseline, ("fusion", Verdict.Supported)), MadeUpRun.With(baseline), options);

        result.Outcome.Should().Be(GateOutcome.CouldNotJudge);
        result.Reasons.Should().ContainSingle().Which.Should().Contain("fusion was Supported and is no longer judged");
    }

    [Fact]
    public void Compare_MissingSamples_CouldNotJudgeUnlessTheCommonOnesAreAskedFor()
    {
        var (baseline, _) = large.Build();
        var part = baseline with { Questions = [.. baseline.Questions.Skip(300)] };

        var result = Gate.Compare(baseline, part, options);
        result.Outcome.Should().Be(GateOutcome.CouldNotJudge);
        result.Reasons.Should().Contain(reason => reason.StartsWith("300 of the baseline's 3000"));
        var common = Gate.Compare(baseline, part, options with { CommonOnly = true });
        common.Outcome.Should().Be(GateOutcome.Pass);
        common.Reasons[0].Should().Contain("300 of the baseline's 3000");
        var unjudged = Change(baseline, question => question.Id == "q-3-1" ? question with { Label = AnswerStatus.Unjudged } : question);
        Gate.Compare(baseline, unjudged, options).Reasons[0].Should().Contain("1 answers are judged for the baseline and not for the candidate");
    }

    [Fact]
    public void Compare_RunsThatSplitDifferently_ProbeIsComparedWhereBothHeldOutAndItIsSaid()
    {
        var (baseline, _) = large.Build();
        var other = Change(baseline, question => int.Parse(question.Group.Split('.')[0]) % 4 == 0
            ? question with { Scores = question.Scores.Where(s => s.Key != "probe").ToDictionary(s => s.Key, s => s.Value) } : question);
        var probe = Metric(Gate.Compare(baseline, other, options), "probe_auroc");

        probe.Difference!.N.Should().Be(500);
        probe.Reason.Should().Contain("on the 500 questions that both probes held out, of 1000 and 500");
    }

    [Fact]
    public void Compare_RunsThatCannotBePaired_AreErrorsThatNameTheSample()
    {
        var (baseline, _) = new MadeUpRun().Build();
        Action Comparing(StudyResult candidate) => () => Gate.Compare(baseline, candidate, options);
        StudyResult First(Func<QuestionResult, QuestionResult> change) => Change(baseline, question => question.Id == "q-0-0" ? change(question) : question);

        Comparing(baseline with { Data = "pope" }).Should().Throw<VrpException>().WithMessage("*'made-up'*'pope'*");
        Comparing(First(s => s with { Question = "Another?" })).Should().Throw<VrpException>().WithMessage("*q-0-0*question*Another?*");
        Comparing(First(s => s with { Gold = ["no"] })).Should().Throw<VrpException>().WithMessage("*q-0-0*gold*");
        Comparing(First(s => s with { Image = "x.png" })).Should().Throw<VrpException>().WithMessage("*q-0-0*image*");
        Comparing(First(s => s with { Id = "q-0-1" })).Should().Throw<DuplicateRowException>();
        Comparing(First(s => s with { Scores = new Dictionary<string, double> { ["probe"] = double.NaN } })).Should().Throw<VrpException>()
            .WithMessage("*candidate*q-0-0*'probe' is NaN*");
        Comparing(First(s => s with { Excess = new Dictionary<string, double> { ["all"] = double.PositiveInfinity } })).Should().Throw<VrpException>()
            .WithMessage("*excess all*");
    }

    [Fact]
    public void Options_UnknownOrImpossible_AreErrorsWithTheNearestName()
    {
        var (baseline, _) = new MadeUpRun().Build();
        Action With(GateOptions wrong) => () => Gate.Compare(baseline, baseline, wrong);

        With(options with { Margins = new Dictionary<string, double> { ["acuracy"] = 0.1 } }).Should().Throw<VrpException>()
            .WithMessage("margins*'acuracy'*Did you mean 'accuracy'*");
        With(options with { Roles = new Dictionary<string, GateRole> { ["probe_aurok"] = GateRole.Required } }).Should().Throw<VrpException>()
            .WithMessage("*'probe_auroc'*");
        With(options with { Margins = new Dictionary<string, double> { ["accuracy"] = -0.1 } }).Should().Throw<VrpException>().WithMessage("*-0.1*");
        With(options with { Margins = new Dictionary<string, double> { ["accuracy"] = double.NaN } }).Should().Throw<VrpException>();
        With(options with { Expected = new Dictionary<string, Verdict> { ["fusoin"] = Verdict.Refuted } }).Should().Throw<VrpException>();
        With(options with { Level = 1 }).Should().Throw<VrpException>();
    }

    [Fact]
    public void Options_MarginAndRole_DecideTheOutcome()
    {
        var run = large with { Accuracy = (0.85, 0.80) };
        GateOptions With(double margin, GateRole role) =>
            options with { Margins = new Dictionary<string, double> { ["accuracy"] = margin }, Roles = new Dictionary<string,
            GateRole> { ["accuracy"] = role } };

        Metric(Compare(run, With(0.1, GateRole.Required)), "accuracy").Outcome.Should()
            .Be(MetricOutcome.NonInferior, "a loss within the margin is none, however sure");
        Metric(Compare(run, With(0.02, GateRole.Reported)), "accuracy").AdjustedP.Should().BeNull("what cannot stop a candidate is no part of the family");
        var reported = Compare(run, With(0.02, GateRole.Reported));
        reported.Reasons.Should().NotContain(reason => reason.StartsWith("accuracy lost"));
        Compare(large with { Images = 30 }, options with { Roles = new Dictionary<string, GateRole> { ["accuracy"] = GateRole.Guarding } }).Outcome.Should()
            .NotBe(GateOutcome.CouldNotJudge);
    }

    [Fact]
    public void Flips_Order_LostFirstAndTheSurestFirst()
    {
        var (baseline, candidate) = large.Build();
        var flips = Gate.Compare(baseline, candidate, options).Flips;

        flips.Should().OnlyContain(flip => flip.Baseline.Label == AnswerStatus.Correct != (flip.Candidate.Label == AnswerStatus.Correct));
        flips.Should().HaveCount(baseline.Questions.Zip(candidate.Questions).Count(pair => pair.First.Label != pair.Second.Label));
        flips.SkipWhile(flip => flip.Lost).Should().NotBeEmpty().And.OnlyContain(flip => !flip.Lost);
        flips.Where(flip => flip.Lost).Select(flip => flip.Candidate.Scores["first_token_probability"]).Should().BeInDescendingOrder();
        flips.Where(flip => !flip.Lost).Select(flip => flip.Baseline.Scores["first_token_probability"]).Should().BeInDescendingOrder();
    }

    [Fact]
    public void Compare_Twice_IsTheSame() =>
        GateTables.Render(Compare(new MadeUpRun())).Should().Be(GateTables.Render(Compare(new MadeUpRun())));

    [Fact]
    public void Render_Regression_ShowsMetricsFlipsAndTheReasonAndNoControlCharacters()
    {
        var (baseline, candidate) = (large with { Accuracy = (0.85, 0.75) }).Build();
        var hostile = Change(candidate, question => question.Label == AnswerStatus.Wrong ? question with { Answer = "no\u001b[2J\nand" } : question);
        var text = GateTables.Render(Gate.Compare(baseline, hostile, options));

        text.Should().Contain("candidate against baseline on made-up: 3000 questions, 500 images").And.Contain("REGRESSION: accuracy").And.Contain("lost  q-")
            .And.Contain("… and ");
        text.Should().NotContain("\u001b");
        foreach (var metric in GateMetrics.All) text.Should().Contain(metric.Name);
    }

    [Fact]
    public void Catalogue_EveryMetric_IsInTheDocsWithMarginAndRole()
    {
        var page = File.ReadAllText(Path.Combine(Fixtures.At(), "..", "docs", "statistics.md"));
        foreach (var metric in GateMetrics.All)
        {
            var role = metric.Role.ToString().ToLowerInvariant();
            page.Should().Contain(FormattableString.Invariant($"| `{metric.Name}` | {metric.What} | {metric.Margin} | {role} | {metric.Why} |"));
        }
    }
}
