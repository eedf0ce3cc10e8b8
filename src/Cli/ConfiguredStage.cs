using Vrp.Harness.Configuration;
using Vrp.Harness.Studies;

namespace Vrp.Cli;

/// <summary>A subject of a configuration, as one stage needs it.</summary>
sealed record ConfiguredStage(VrpConfig Config, SubjectConfig Subject, StudyRequest Request)
{
    /// <summary>What a run would need, without the subject's weights.</summary>
    public StudyCost Plan(bool fetch, TextWriter error, StudyRequest? request = null)
    {
        var (opened, dtype) = Harness.Running.Subject.Plan(Checkpoint(fetch, error), Subject.Device, Subject.Dtype, text => error.Say(text));
        return StudyCost.Of(opened, dtype, Subject.Name, request ?? Request);
    }

    /// <summary>Loads the subject's model, fetched where that is asked for.</summary>
    public Harness.Running.Subject Load(int? threads, bool fetch, TextWriter error) =>
        Harness.Running.Subject.Load(Checkpoint(fetch, error), Subject.Device, Subject.Dtype, threads, text => error.Say(text));

    string Checkpoint(bool fetch, TextWriter error)
    {
        var checkpoint = ConfiguredStudy.Checkpoint(Config, Subject.Checkpoint);
        FetchOption.Bring(checkpoint, FetchOption.IsAsked(fetch, Config), error);
        return checkpoint;
    }
}
