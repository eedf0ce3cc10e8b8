using System.Globalization;
using Vrp.Harness.Studies;

namespace Vrp.Cli;

/// <summary>How far a run over several subjects is as a whole, and how long it still takes. A rough figure: every subject counts the same, and its stages by
/// what they usually take.</summary>
sealed class OverallProgress(IReadOnlyList<string> subjects, TimeProvider clock)
{
    /// <summary>Share of a subject's time that is over when a stage begins, and the stage's own: what a full budget takes on a fixture, where a question's
    /// trace is a tenth of its interventions, as it is at real size (docs/benchmarks.md).</summary>
    static readonly Dictionary<StudyStage, (double Before, double Own)> shares = new()
        { [StudyStage.Trace] = (0, 0.1), [StudyStage.Plan] = (0.1, 0), [StudyStage.Intervene] = (0.1, 0.7), [StudyStage.Judge] = (0.8, 0.2) };

    readonly Dictionary<string, double> done = [];
    long began;
    double atBegin = -1;

    /// <summary>Takes note of a stage's progress.</summary>
    public void Report(StudyProgress now)
    {
        var (before, own) = shares[now.Stage];
        done[now.Subject] = Math.Max(done.GetValueOrDefault(now.Subject), before + (now.Total == 0 ? own : own * now.Done / now.Total));
        // What was in the store already took no time: the rate counts from here on.
        if (atBegin < 0) (began, atBegin) = (clock.GetTimestamp(), Share);
    }

    /// <summary>"[2/3] " for the second of three.</summary>
    public string Place(string subject) =>
        subjects.ToList().IndexOf(subject) is >= 0 and var at ? string.Create(CultureInfo.InvariantCulture, $"[{at + 1}/{subjects.Count}] ") : "";

    /// <summary>", all: 00:12:00" for twelve minutes that all subjects still take; nothing before a tenth of a percent is done.</summary>
    public string Left()
    {
        if (atBegin < 0) return "";
        var made = Share - atBegin;
        return made < 0.001 ? "" : FormattableString.Invariant($", all {clock.GetElapsedTime(began) * ((1 - Share) / made):hh\\:mm\\:ss}");
    }

    double Share => subjects.Sum(subject => done.GetValueOrDefault(subject)) / subjects.Count;
}
