using Vrp.Harness.Studies;
using Vrp.Harness.Tests.Claims;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Tests.Studies;

public sealed class UnparsedAnswersTests
{
    static TraceSet Trace(int unparsed, string answer)
    {
        var trace = TestTraces.Small.Build();
        return TestTraces.With(trace, [.. trace.Records.Select((record, i) => i < unparsed ? record with { Answer = answer } : record)],
            [.. Enumerable.Range(0, trace.Count)]);
    }

    [Fact]
    public void Warning_MostAnswersParse_IsNone()
    {
        var count = TestTraces.Small.Build().Count;
        UnparsedAnswers.Warning(Trace(0, "")).Should().BeNull();
        UnparsedAnswers.Warning(Trace(count / 5 - 1, "perhaps")).Should().BeNull();
    }

    [Fact]
    public void Warning_ManyDoNot_SaysHowManyAndShowsOne()
    {
        var count = TestTraces.Small.Build().Count;
        var text = UnparsedAnswers.Warning(Trace(count, "ein\nHund\u001b[31m " + new string('x', 100)));

        text.Should().Contain($"{count:N0} of {count:N0} answers do not parse").And.Contain("\"ein Hund [31m xxx").And.Contain("…\"")
            .And.Contain("chat template");
        text.Should().NotContain("\n").And.NotContain("\u001b");
        UnparsedAnswers.Warning(Trace(count / 5, "perhaps")).Should().NotBeNull();
    }
}
