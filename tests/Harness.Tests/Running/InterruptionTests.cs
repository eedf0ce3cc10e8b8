using Vrp.Harness.Running;
using Vrp.Models;

namespace Vrp.Harness.Tests.Running;

public sealed class InterruptionTests
{
    readonly List<string> said = [];
    readonly List<int> ends = [];

    Interruption With(double seconds) => new(TimeSpan.FromSeconds(seconds), said.Add, said.Add, ends.Add);

    [Fact]
    public void Signal_NothingRuns_EndsAtOnceWithOneSentence()
    {
        using var interruption = With(60);

        interruption.Signal("SIGTERM");

        ends.Should().Equal(75);
        said.Should().Equal("vrp: interrupted by SIGTERM; the same command goes on, and nothing that was finished is done again.");
    }

    [Fact]
    public void Signal_StageRuns_IsWaitedForUntilTheSecondSignal()
    {
        using var interruption = With(60);
        var dropped = 0;
        using var stage = interruption.During(() => dropped++);

        interruption.Signal("SIGINT");

        (dropped, ends.Count).Should().Be((0, 0));
        interruption.Invoking(one => one.ThrowIfRequested()).Should().Throw<OperationCanceledException>().WithMessage("interrupted by SIGINT");

        interruption.Signal("SIGTERM");

        (dropped, ends.Single()).Should().Be((1, 75));
        said[^1].Should().Contain("by SIGINT", "the first signal is the reason");
    }

    [Fact]
    public void Signal_StageTakesLongerThanTheGrace_IsDropped()
    {
        using var ended = new ManualResetEventSlim();
        using var interruption = new Interruption(TimeSpan.FromMilliseconds(50), said.Add, said.Add, _ => ended.Set());
        var dropped = 0;
        using var stage = interruption.During(() => dropped++);

        interruption.Signal("SIGTERM");

        ended.Wait(TimeSpan.FromSeconds(30)).Should().BeTrue();
        dropped.Should().Be(1);
    }

    [Fact]
    public void Signal_GraceOfZero_DropsAtOnce()
    {
        using var interruption = With(0);
        var dropped = 0;
        using var stage = interruption.During(() => dropped++);

        interruption.Signal("SIGTERM");

        (dropped, ends.Single()).Should().Be((1, 75));
    }

    [Theory, InlineData(null, 20), InlineData("", 20), InlineData("0", 0), InlineData("1.5", 1.5), InlineData("110", 110)]
    public void Grace_NumberOfSeconds_IsTaken(string? text, double seconds) => Interruption.Grace(text).TotalSeconds.Should().Be(seconds);

    [Theory, InlineData("-1"), InlineData("20s"), InlineData("NaN"), InlineData("Infinity"), InlineData("86401"), InlineData("1e9")]
    public void Grace_AnythingElse_IsRefused(string text) =>
        FluentActions.Invoking(() => Interruption.Grace(text)).Should().Throw<VrpException>().WithMessage($"VRP_GRACE={text}*0 to 86400*");
}
