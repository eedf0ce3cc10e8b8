namespace Vrp.Harness.Studying;

/// <summary>How far a study is.</summary>
/// <param name="Subject">Whose.</param>
/// <param name="Stage">Which part.</param>
/// <param name="Done">Samples or claims finished; those of earlier runs included.</param>
/// <param name="Total">Of how many.</param>
/// <param name="What">For <see cref="StudyStage.Judge"/> the claim being judged.</param>
public readonly record struct StudyProgress(string Subject, StudyStage Stage, int Done, int Total, string? What = null)
{
    /// <summary>"traced", "intervened" …: what is counted.</summary>
    public string Verb => Stage switch
    {
        StudyStage.Trace => "traced",
        StudyStage.Plan => "planned",
        StudyStage.Intervene => "intervened",
        _ => "judged",
    };
}

/// <summary>The parts of a study, in their order.</summary>
public enum StudyStage
{
    /// <summary>What the model shows.</summary>
    Trace,

    /// <summary>Choosing layers, units and masks from the trace.</summary>
    Plan,

    /// <summary>What it answers when changed.</summary>
    Intervene,

    /// <summary>Fourteen claims judged.</summary>
    Judge,
}
