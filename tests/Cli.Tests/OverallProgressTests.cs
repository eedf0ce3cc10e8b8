using Vrp.Harness.Studies;

namespace Vrp.Cli.Tests;

public class OverallProgressTests
{
    [Fact]
    public void Left_HalfOfTheFirstOfTwoIntervenedOn_FollowsWhatTheStagesTake()
    {
        var clock = new Clock();
        var all = new OverallProgress(["a", "b"], clock);
        all.Left().Should().BeEmpty("nothing is known yet");
        all.Report(new StudyProgress("a", StudyStage.Trace, 0, 100));
        clock.Seconds = 45;
        all.Report(new StudyProgress("a", StudyStage.Intervene, 50, 100));
        all.Left().Should().Be(", all 00:02:35", "a trace is a tenth and half of the interventions 35 hundredths: 45 of 100 s, and 100 s for the second");
        all.Report(new StudyProgress("a", StudyStage.Judge, 14, 14));
        clock.Seconds = 100;
        all.Left().Should().Be(", all 00:01:40");
        all.Place("b").Should().Be("[2/2] ");
        all.Place("c").Should().BeEmpty();
    }

    [Fact]
    public void Left_WhatWasInTheStore_IsNoPartOfTheRate()
    {
        var clock = new Clock();
        var all = new OverallProgress(["a", "b"], clock);
        all.Report(new StudyProgress("a", StudyStage.Trace, 100, 100));
        clock.Seconds = 60;
        all.Report(new StudyProgress("a", StudyStage.Plan, 1, 1));
        all.Left().Should().BeEmpty();
    }

    sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
