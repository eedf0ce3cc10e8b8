using Vrp.Harness.Claims;
using Xunit.Sdk;

namespace Vrp.Specs.Tests.Assertions;

public class VerdictAssertionsTests
{
    static ClaimResult Of(Verdict verdict, string? settle = null) => new("fusion", verdict, "AUROC 0.9 [0.88, 0.92] (n=100, 50 images)", settle,
        new PublishedOutcome("", null, ""), "", [], []);

    static string Failure(Action assertion) => assertion.Should().Throw<XunitException>().Which.Message;

    [Fact]
    public void Be_EachVerdict_HoldsForItselfOnly()
    {
        foreach (var verdict in Enum.GetValues<Verdict>())
        {
            var assertions = new Dictionary<Verdict, Action>
            {
                [Verdict.Supported] = () => verdict.Should().BeSupported(), [Verdict.Refuted] = () => verdict.Should().BeRefuted(),
                [Verdict.Inconclusive] = () => verdict.Should().BeInconclusive(), [Verdict.NotRun] = () => verdict.Should().BeNotRun(),
            };
            assertions[verdict]();
            foreach (var (other, assertion) in assertions.Where(pair => pair.Key != verdict))
                Failure(assertion).Should().Contain($"to be {other}").And.Contain($"it is {verdict}");
        }
    }

    [Fact]
    public void BeSupported_Inconclusive_GivesReasonAndWhatSettles() =>
        Failure(() => Of(Verdict.Inconclusive, "AUROC: about 400 questions").Should().BeSupported("the ledger expects it")).Should()
            .EndWith("to be Supported because the ledger expects it, but it is Inconclusive: AUROC 0.9 [0.88, 0.92] (n=100, 50 images). " +
                "Claim: fusion. To decide it: AUROC: about 400 questions.");

    [Fact]
    public void HaveRun_NotRun_Fails()
    {
        Of(Verdict.Refuted).Should().HaveRun();
        Failure(() => Of(Verdict.NotRun).Should().HaveRun()).Should().Contain("to be judged").And.Contain("it is NotRun");
    }

    [Fact]
    public void Be_NoVerdict_Fails()
    {
        ClaimResult? absent = null;
        Failure(() => absent.Should().BeNotRun()).Should().Contain("there is no verdict");
    }

    [Fact]
    public void Should_DecisionAndResult_AreTakenToo()
    {
        new Decision(Verdict.Refuted, "below").Should().BeRefuted();
        new ClaimResult("fusion", Verdict.Supported, "above", null, new PublishedOutcome("", true, ""), "", [], []).Should().Be(Verdict.Supported);
    }
}
