using Vrp.Harness.Configuration;
using Vrp.Harness.Studying;

namespace Vrp.Harness.Cli;

/// <summary>A subject of a configuration, as one stage needs it.</summary>
sealed record ConfiguredStage(VrpConfig Config, SubjectConfig Subject, StudyRequest Request)
{
    /// <summary>Loads the subject's model.</summary>
    public Running.Subject Load(int? threads, Action<string> warn) => Running.Subject.Load(ConfiguredStudy.Checkpoint(Config, Subject.Checkpoint), Subject.Device, Subject.Dtype, threads, warn);
}
