using Vrp.Harness.Claims;
using Vrp.Models;
using Xunit.Sdk;

namespace Vrp.Specs.Tests.Running;

public class ClaimSpecTests
{
    static ClaimSpec Spec(string claim, string subject = TinyConfiguration.Subject) => new(claim, subject, "Specs", "Method");

    [Fact]
    public void Judged_NotInTheLedger_IsNewAndFails() =>
        ((Action)(() => Spec("fusion").Judged())).Should().Throw<XunitException>().Which.Message.Should().Contain("New: fusion [llava] is not in the ledger").And.Contain("vrp accept --ledger");

    [Fact]
    public void Judged_RequiredSubjectMissing_SaysWhy() =>
        ((Action)(() => Spec("fusion", TinyConfiguration.Missing).Judged())).Should().Throw<VrpException>().Which.Message.Should().Contain("missing is required and did not run").And.Contain("nowhere");

    [Fact]
    public void AsPrinted_OtherThanTheRunRecorded_Fails()
    {
        var recorded = SpecSession.Current.StudyOf(TinyConfiguration.Subject).Verdicts.Where(verdict => verdict.Published.Holds is not null && verdict.Claim != "architecture-split").ToArray();
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

    [Fact]
    public void Row_ThatIsNotThere_IsMissingByName() => ((Action)(() => _ = Spec("fusion")["no_such", "yes-no", 3, "arm"])).Should().Throw<MissingEstimateException>()
        .Which.Message.Should().Contain("llava has no fusion/no_such [yes-no] at layer 3 (arm)");

    [Fact]
    public void SubjectUnderTest_RowsAndVerdicts_AreThoseOfTheStudy()
    {
        var subject = new SubjectUnderTest(TinyConfiguration.Subject);
        var row = subject.Study.Estimates.First(row => row.Claim == "confidence-baselines" && row.Arm is null);
        subject.Estimate(row.Claim, row.Measure, row.Kind, row.Layer).Should().NotBeNull();
        subject.Verdict("neuron-ablation").Should().BeNotRun();
        ((Action)(() => subject.Estimate("fusion", "no_such"))).Should().Throw<MissingEstimateException>().Which.Message.Should().Contain("metrics.json");
        ((Action)(() => subject.Verdict("no-such-claim"))).Should().Throw<VrpException>();
    }

    [Fact]
    public void SubjectUnderTest_OptionalAndAbsent_SkipsTheTestAndSaysWhy() =>
        ((Action)(() => _ = new SubjectUnderTest(TinyConfiguration.Optional).Study)).Should().Throw<SkipException>().Which.Message.Should().Contain("optional is optional and did not run").And.Contain("nowhere");

    [Fact]
    public void AsPrinted_OptionalAndAbsent_SkipsTheTest() =>
        ((Action)(() => Spec("fusion", TinyConfiguration.Optional).AsPrinted(_ => throw new InvalidOperationException("never called")))).Should().Throw<SkipException>();

    [Fact]
    public void Judged_ComparisonWhereARequiredSubjectIsMissing_Fails() =>
        ((Action)(() => Spec("architecture-split", "all").Judged())).Should().Throw<VrpException>().Which.Message.Should().Contain("fewer than two subjects ran").And.Contain("missing: ");
}
