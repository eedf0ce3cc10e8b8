using Vrp.Harness.Studies;

namespace Vrp.Cli.Tests;

public sealed class StageEstimateTests
{
    sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero) + Now;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }

    static readonly Clock clock = new();

    static string[] Run(int first, int total, TimeSpan block, int blocks = 4, int size = 48)
    {
        var error = new StringWriter { NewLine = "\n" };
        using (var lines = new StageLines(error, clock: clock))
            for (var i = 0; i <= blocks; i++)
            {
                if (i > 0) clock.Now += block;
                lines.Report(new StudyProgress("llava", StudyStage.Trace, first + i * size, total));
            }
        return [.. error.ToString().Split('\n').Where(line => line.Contains("at this rate", StringComparison.Ordinal))];
    }

    [Fact]
    public void Report_LongStage_SaysAfterTheSecondBlockWhatIsLeft()
    {
        clock.Now = TimeSpan.Zero;
        Run(0, 3000, TimeSpan.FromMinutes(2)).Should().ContainSingle().Which.Should().MatchRegex(
            @"^vrp: llava: 2 blocks traced in 4 min 0 s; the other 2,904 of 3,000 questions take about 2 h 1 min at this rate, "
            + @"until 14:05\. The process holds [0-9.]+ GiB of memory\.$");
    }

    [Fact]
    public void Report_ResumedStage_CountsOnlyWhatThisRunDid()
    {
        clock.Now = TimeSpan.Zero;
        Run(2400, 3000, TimeSpan.FromMinutes(1)).Should().ContainSingle().Which.Should().Contain("the other 504 of 3,000 questions take about 10 min 30 s");
    }

    [Fact]
    public void Report_ResumedStage_SaysOnceFromWhereItGoesOn()
    {
        var error = new StringWriter { NewLine = "\n" };
        using (var lines = new StageLines(error))
            foreach (var done in new[] { 2400, 2448, 2496 }) lines.Report(new StudyProgress("llava", StudyStage.Trace, done, 3000));
        error.ToString().Split('\n').Should().ContainSingle(line => line.Contains("from before"))
            .Which.Should().Be("vrp: llava: 2,400 of 3,000 questions are traced from before; going on with the rest.");
    }

    [Fact]
    public void Report_StageOfMoments_SaysNothing() => Run(0, 300, TimeSpan.FromSeconds(1)).Should().BeEmpty();
}
