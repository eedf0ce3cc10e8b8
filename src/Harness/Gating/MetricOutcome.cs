namespace Vrp.Harness.Gating;

/// <summary>What a paired comparison says of one metric.</summary>
public enum MetricOutcome
{
    /// <summary>The whole interval of candidate minus baseline lies on the good side of the margin.</summary>
    NonInferior,

    /// <summary>The candidate is worse: the adjusted paired test establishes a loss, and the loss seen is past the margin.</summary>
    Regressed,

    /// <summary>The interval crosses the margin at this n.</summary>
    Undecided,

    /// <summary>One of the two runs lacks the measure; never a number.</summary>
    NotMeasured,
}
