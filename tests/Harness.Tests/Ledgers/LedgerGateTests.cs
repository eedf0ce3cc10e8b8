using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;
using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Studies;
using Vrp.Harness.Tests.Gating;

namespace Vrp.Harness.Tests.Ledgers;

public class LedgerGateTests
{
    static LedgerCheck Check(Verdict? expected, Verdict found, string claim = "fusion") =>
        new(claim, "a", expected is { } known ? new LedgerEntry(claim, "a", known, "r") : null, found, "because",
            found is Verdict.Inconclusive or Verdict.NotRun ? "more" : null);

    static JudgedSubject Subject(string name, string? failure = null, bool required = true) =>
        new(new SubjectConfig { Name = name, Checkpoint = "c", Required = required }, failure is null ? MadeUpRun.Study(name, []) : null, null, null, failure);

    static (GateOutcome Outcome, IReadOnlyList<string> Reasons) Decide(params LedgerCheck[] checks) => LedgerGate.Decide([Subject("a")], checks);

    /// <summary>Every pair of what is expected and what is found.</summary>
    public static TheoryData<Verdict?, Verdict, GateOutcome> Pairs()
    {
        var data = new TheoryData<Verdict?, Verdict, GateOutcome>();
        foreach (var expected in Enum.GetValues<Verdict>().Select(verdict => (Verdict?)verdict).Append(null))
            foreach (var found in Enum.GetValues<Verdict>())
                data.Add(expected, found, expected == found ? GateOutcome.Pass
                    : expected is null || found is Verdict.Inconclusive or Verdict.NotRun ? GateOutcome.CouldNotJudge : GateOutcome.ClaimBroken);
        return data;
    }

    [Fact]
    public void Decide_NewVerdictWhoseReasonIsASentence_HasOneFullStop() =>
        LedgerGate.Decide([Subject("a")], [Check(null, Verdict.NotRun) with { Reason = "it has not run." }]).Reasons.Should().ContainSingle().Which
            .Should().Contain("it has not run. `vrp").And.NotContain("..");

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Decide_OneVerdict_IsByWhatWasExpected(Verdict? expected, Verdict found, GateOutcome outcome)
    {
        var (decided, reasons) = Decide(Check(expected, found));
        decided.Should().Be(outcome);
        if (outcome == GateOutcome.Pass) reasons.Should().BeEmpty();
        else reasons.Should().ContainSingle().Which.Should().Contain("fusion [a]").And.Contain(found.ToString()).And.Contain("because");
    }

    [Fact]
    public void Decide_BrokenAndOpen_IsBrokenWithTheBrokenFirst()
    {
        var (outcome, reasons) = LedgerGate.Decide([Subject("a"), Subject("b", "no file")],
            [Check(null, Verdict.Supported, "logit-lens"), Check(Verdict.Supported, Verdict.NotRun, "sparse-probe"),
                Check(Verdict.Supported, Verdict.Refuted)]);
        outcome.Should().Be(GateOutcome.ClaimBroken);
        reasons.Should().HaveCount(4);
        reasons[0].Should().StartWith("fusion [a]: expected Supported, found Refuted");
        reasons[1].Should().StartWith("b is required and did not run: no file");
        reasons[2].Should().StartWith("sparse-probe").And.EndWith("→ more");
        reasons[3].Should().Contain("not in the ledger").And.Contain("vrp accept --ledger");
    }

    [Fact]
    public void Decide_RequiredSubjectMissing_CouldNotJudge() =>
        LedgerGate.Decide([Subject("a"), Subject("b", "no file")],
            [Check(Verdict.Supported, Verdict.Supported)]).Outcome.Should().Be(GateOutcome.CouldNotJudge);

    [Fact]
    public void Decide_OptionalSubjectMissing_IsLeftOut() =>
        LedgerGate.Decide([Subject("a"), Subject("b", "no file", required: false)],
            [Check(Verdict.Supported, Verdict.Supported)]).Outcome.Should().Be(GateOutcome.Pass);

    [Fact]
    public void Decide_NothingJudged_CouldNotJudge() =>
        LedgerGate.Decide([Subject("b", "no file", required: false)], []).Outcome.Should().Be(GateOutcome.CouldNotJudge);

    [Fact]
    public void Render_EveryOutcome_SaysWhatIsNotAsExpected()
    {
        LedgerCheck[] checks = [Check(Verdict.Supported, Verdict.Supported), Check(Verdict.Supported, Verdict.Refuted, "logit-lens"),
            Check(null, Verdict.NotRun, "sparse-probe"),
            new("architecture-split", Ledger.AllSubjects, null, Verdict.Refuted, "because", null)];
        var text = LedgerTables.Render(checks, GateOutcome.ClaimBroken, ["first", "second"]);
        text.Should().Contain("3 of 4 verdicts changed or new: logit-lens on a").And.Contain("Refuted (expected Supported)").And.Contain("NotRun (new)")
            .And.Contain("CLAIM BROKEN").And.Contain("  first\n  second\n");
        text.Split('\n').Single(line => line.TrimStart().StartsWith("architecture-split",
            StringComparison.Ordinal)).TrimEnd().Should().EndWith("Refuted (new)");
        LedgerTables.Render([], GateOutcome.CouldNotJudge, []).Should().Contain("COULD NOT JUDGE").And.NotContain("0 of 0");
        LedgerTables.Render([], GateOutcome.CouldNotJudge, ["why"], preview: true).Should().StartWith("COULD NOT JUDGE", "no part of it was judged");
        LedgerTables.Render(checks[..1], GateOutcome.Pass, []).Should().Contain("PASS");
    }
}
