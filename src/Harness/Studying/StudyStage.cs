namespace Vrp.Harness.Studying;

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
