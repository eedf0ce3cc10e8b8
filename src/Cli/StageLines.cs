using Vrp.Harness.Running;
using Vrp.Harness.Studies;

namespace Vrp.Cli;

/// <summary>The progress of studies as lines: one counter per subject and stage, each with its own rate and time left. One subject may be judged while the next
/// one is traced, so calls may come from several threads.</summary>
/// <param name="error">Where to.</param>
/// <param name="subjects">All that are judged, in their order: each line then says which of them it is, and how long all of them still take, roughly.</param>
/// <param name="clock">The time, for the announcement of what is left.</param>
sealed class StageLines(TextWriter error, IReadOnlyList<string>? subjects = null, TimeProvider? clock = null) : IDisposable
{
    readonly Dictionary<(string Subject, StudyStage Stage), (Progress Line, StageEstimate Estimate)> open = [];
    readonly Lock writing = new();
    readonly OverallProgress? overall = subjects is { Count: > 1 } ? new OverallProgress(subjects, TimeProvider.System) : null;

    public void Report(StudyProgress now)
    {
        lock (writing)
        {
            overall?.Report(now);
            var key = (now.Subject, now.Stage);
            if (!open.TryGetValue(key, out var stage))
            {
                if (now.Done >= now.Total) return;
                // A subject's stages follow each other.
                foreach (var before in open.Keys.Where(other => other.Subject == now.Subject).ToArray()) Close(before);
                var line = new Progress(error, $"{overall?.Place(now.Subject)}{now.Subject}: {now.Verb}", now.Total, now.Done,
                    after: overall is null ? null : overall.Left);
                // Begun earlier: so that nobody wonders whether it begins anew.
                if (now is { Stage: StudyStage.Trace or StudyStage.Intervene, Done: > 0 })
                    Say($"{now.Subject}: {NumberText.Count(now.Done)} of {NumberText.Count(now.Total, "question")} are {now.Verb} from before; going on "
                        + "with the rest.");
                open[key] = stage = (line, new StageEstimate(clock ?? TimeProvider.System, now.Done));
            }

            if (stage.Estimate.After(now, Environment.WorkingSet) is { } estimate) Say(estimate);
            stage.Line.Report(now.Done);
            if (now.Done >= now.Total) Close(key);
        }
    }

    public void Say(string text)
    {
        lock (writing)
        {
            foreach (var (line, _) in open.Values) line.Clear();
            error.Say(text);
        }
    }

    public void Dispose()
    {
        lock (writing)
            foreach (var key in open.Keys.ToArray()) Close(key);
    }

    void Close((string Subject, StudyStage Stage) key)
    {
        open[key].Line.Dispose();
        open.Remove(key);
    }
}
