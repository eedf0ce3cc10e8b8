using Vrp.Harness.Configuration;
using Vrp.Harness.Studies;

namespace Vrp.Cli;

/// <summary>A subject of a configuration, as one stage needs it.</summary>
sealed record ConfiguredStage(VrpConfig Config, SubjectConfig Subject, StudyRequest Request)
{
    /// <summary>Loads the subject's model, fetched where that is asked for.</summary>
    public Harness.Running.Subject Load(int? threads, bool fetch, TextWriter error)
    {
        var checkpoint = ConfiguredStudy.Checkpoint(Config, Subject.Checkpoint);
        FetchOption.Bring(checkpoint, FetchOption.IsAsked(fetch, Config), error);
        return Harness.Running.Subject.Load(checkpoint, Subject.Device, Subject.Dtype, threads, text => error.Say(text));
    }
}
