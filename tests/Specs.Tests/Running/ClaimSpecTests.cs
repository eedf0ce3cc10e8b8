using Vrp.Harness.Claims;
using Vrp.Harness.Statistics;
using Vrp.Models;
using Xunit.Sdk;

namespace Vrp.Specs.Tests.Running;

public class ClaimSpecTests
{
    static ClaimSpec Spec(string claim, string subject = TinyConfiguration.Subject) => new(claim, subject, "Specs", "Method");

    [Fact]
    public void Judged_NotInTheLedger_IsNewAndFails() =>
        ((Action)(() => Spec("fusion").Judged(_ => { }))).Should().Throw<XunitException>().Which.Message
            .Should().Contain("New: fusion [llava] is not in the ledger").And.Contain("vrp accept --ledger");

    [Fact]
    public void Judged_RequiredSubjectMissing_SaysWhy() =>
        ((Action)(() => Spec("fusion", TinyConfiguration.Missing).Judged(_ => { }))).Should().Throw<VrpException>().Which.Message
            .Should().Contain("missing is required and did not run").And.Contain("nowhere");

    [Fact]
    public void AsPrinted_OtherThanTheRunRecorded_Fails()
    {
        var recorded = SpecSession.Current.StudyOf(TinyConfiguration.Subject).Verdicts
            .Where(verdict => verdict.Published.Holds is not null && verdict.Claim != "architecture-split").ToArray();
        recorded.Should().NotBeEmpty();
        foreach (var verdict in recorded)
        {
            var spec = Spec(verdict.Claim);
            Action holds = () => spec.AsPrinted(_ => { }), fails = () => spec.AsPrinted(_ => throw new XunitException("the sentence"));
            var (same, other) = verdict.Published.Holds!.Value ? (holds, fails) : (fails, holds);
            same.Should().NotThrow();
            other.Should().Throw<XunitException>().Which.Message.Should().Contain(verdict.Claim).And.Contain("the run recorded");
        }
    }

    [Fact]
    public void AsPrinted_AnErrorOfTheSpec_IsNoOutcome()
    {
        var claim = SpecSession.Current.StudyOf(TinyConfiguration.Subject).Verdicts.First(verdict => verdict.Published.Holds is not null).Claim;
        ((Action)(() => Spec(claim).AsPrinted(_ => throw new InvalidOperationException("a bug")))).Should().Throw<InvalidOperationException>();
    }

    static ClaimResult Found(Verdict verdict, Decision decision) =>
        new("hidden-state-probe", verdict, decision.Reason, null, new PublishedOutcome("", null, ""), "", [], []);

    [Fact]
    public void Judged_WrittenAsTheRunJudged_IsNoContradiction()
    {
        Estimate good = new(0.97, 0.96, 0.98, 0.95, 500, 90, "made-up"), bad = good with { Value = 0.8, Low = 0.75, High = 0.85 },
            open = good with { Low = 0.9 };
        foreach (var (estimate, verdict) in new[] { (good, Verdict.Supported), (bad, Verdict.Refuted), (open, Verdict.Inconclusive) })
            ClaimSpec.Contradiction(Found(verdict, Decision.Above("held-out AUROC at layer 3", estimate, 0.95)), () => estimate.Should().Exceed(0.95))
                .Should().BeNull();
    }

    [Fact]
    public void Judged_WhereTheRunSaysMoreAfterTheInterval_IsNoContradiction()
    {
        Estimate open = new(0.55, 0.43, 0.67, 0.95, 120, 20, "made-up");
        var decision = Decision.Above("AUROC of the L2 probe", open, 0.5);
        ClaimSpec.Contradiction(Found(Verdict.Inconclusive, decision with { Reason = $"{decision.Reason}: where there is nothing to read" }),
            () => open.Should().Exceed(0.5)).Should().BeNull();
    }

    [Theory]
    [InlineData(0.7, "it holds, and the run refuted it")]
    [InlineData(0.9, "the run judged by another interval or bound")]
    [InlineData(0.951, "the run judged by another interval or bound")]
    public void Judged_AgainstAnotherBoundThanTheRun_IsAContradiction(double bound, string expected)
    {
        Estimate found = new(0.8, 0.75, 0.85, 0.95, 500, 90, "made-up");
        ClaimSpec.Contradiction(Found(Verdict.Refuted, Decision.Above("held-out AUROC at layer 3", found, 0.95)), () => found.Should().Exceed(bound))
            .Should().Contain(expected);
    }

    [Fact]
    public void Judged_NotRun_HasNothingToContradict()
    {
        var missing = new ClaimResult("fusion", Verdict.NotRun, "missing", null, new PublishedOutcome("", null, ""), "", [], []);
        ClaimSpec.Contradiction(missing, () => throw new MissingEstimateException("nothing")).Should().BeNull();
    }

    [Fact]
    public void Estimate_ThatIsNotThere_IsMissingByName()
    {
        var study = SpecSession.Current.StudyOf(TinyConfiguration.Subject) with { Estimates = [] };
        ((Action)(() => _ = study.Fusion.Auroc)).Should().Throw<MissingEstimateException>().Which.Message
            .Should().Contain("llava has no fusion/auroc [yes-no] (fusion)").And.Contain("metrics.json");
    }

    [Fact]
    public void SubjectUnderTest_RowsAndVerdicts_AreThoseOfTheStudy()
    {
        var subject = new SubjectUnderTest(TinyConfiguration.Subject);
        Assert.Same(subject.Study.Find("confidence-baselines", "accuracy"), subject.Study.Confidence.Accuracy);
        subject.Verdict<NeuronAblation>().Should().BeNotRun();
    }

    [Fact]
    public void SubjectUnderTest_OptionalAndAbsent_SkipsTheTestAndSaysWhy() =>
        ((Action)(() => _ = new SubjectUnderTest(TinyConfiguration.Optional).Study)).Should().Throw<SkipException>().Which.Message
            .Should().Contain("optional is optional and did not run").And.Contain("nowhere");

    [Fact]
    public void AsPrinted_OptionalAndAbsent_SkipsTheTest() =>
        ((Action)(() => Spec("fusion", TinyConfiguration.Optional).AsPrinted(_ => throw new InvalidOperationException("never called"))))
            .Should().Throw<SkipException>();

    [Fact]
    public void Judged_ComparisonWhereARequiredSubjectIsMissing_Fails() =>
        ((Action)(() => Spec("architecture-split", "all").JudgedOverAll(_ => { }))).Should().Throw<VrpException>().Which.Message
            .Should().Contain("fewer than two subjects ran").And.Contain("missing: ");
}
