using System.Globalization;
using Vrp.Harness.Studies;

namespace Vrp.Cli;

/// <summary>Says once a stage, when its second block is done, how long the rest will take and what the process holds by then: early enough to stop a run that
/// would take a night. Stages that are over in
/// moments say nothing.</summary>
/// <param name="clock">The time.</param>
/// <param name="start">Questions that an earlier run had finished: they are no part of the rate.</param>
sealed class StageEstimate(TimeProvider clock, int start)
{
    const int Blocks = 2;

    /// <summary>Below this a run is not worth an announcement.</summary>
    static readonly TimeSpan least = TimeSpan.FromMinutes(2);

    readonly long began = clock.GetTimestamp();
    readonly int first = start;
    int seen, last = start;

    /// <summary>The announcement; null at every other time.</summary>
    /// <param name="now">How far the stage is.</param>
    /// <param name="memory">Bytes that the process holds.</param>
    public string? After(StudyProgress now, long memory)
    {
        if (now.Done <= last) return null;
        last = now.Done;
        if (++seen != Blocks) return null;
        var passed = clock.GetElapsedTime(began);
        var rest = passed * ((now.Total - now.Done) / (double)(now.Done - first));
        if (rest < least) return null;
        var what = now.Stage == StudyStage.Judge ? "claims" : "questions";
        return string.Create(CultureInfo.InvariantCulture, $"{now.Subject}: {Blocks} blocks {now.Verb} in {Spoken(passed)}; the other ")
            + string.Create(CultureInfo.InvariantCulture, $"{now.Total - now.Done:N0} of {now.Total:N0} {what} take about {Spoken(rest)} at this rate, ")
            + string.Create(CultureInfo.InvariantCulture,
                $"until {clock.GetLocalNow() + rest:HH:mm}. The process holds {memory / (double)(1L << 30):0.0} GiB of memory.");
    }

    static string Spoken(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
    };
}
