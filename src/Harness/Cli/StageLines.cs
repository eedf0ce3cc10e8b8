using Vrp.Harness.Studying;

namespace Vrp.Harness.Cli;

/// <summary>A study's progress as lines: one counter per stage, each with its own rate and time left.</summary>
sealed class StageLines(TextWriter error) : IDisposable
{
    Progress? line;
    (string Subject, StudyStage Stage) at;

    public void Report(StudyProgress now)
    {
        if (line is null || at != (now.Subject, now.Stage))
        {
            line?.Dispose();
            at = (now.Subject, now.Stage);
            line = new Progress(error, $"{now.Subject}: {now.Verb}", now.Total, now.Done);
        }

        line.Report(now.Done);
    }

    public void Say(string text)
    {
        line?.Clear();
        error.WriteLine($"vrp: {text}");
    }

    public void Dispose() => line?.Dispose();
}
