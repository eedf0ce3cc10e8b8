using Vrp.Harness.Configuration;
using Vrp.Harness.Studying;

namespace Vrp.Harness.Cli;

/// <summary>A subject of a configuration, as one stage needs it.</summary>
sealed record ConfiguredStage(VrpConfig Config, SubjectConfig Subject, StudyRequest Request)
{
    /// <summary>Loads the subject's model, fetched where that is asked for.</summary>
    public Running.Subject Load(int? threads, bool fetch, TextWriter error)
    {
        var checkpoint = ConfiguredStudy.Checkpoint(Config, Subject.Checkpoint);
        FetchOption.Bring(checkpoint, FetchOption.IsAsked(fetch, Config), error);
        return Running.Subject.Load(checkpoint, Subject.Device, Subject.Dtype, threads, text => error.WriteLine($"vrp: {text}"));
    }
}
