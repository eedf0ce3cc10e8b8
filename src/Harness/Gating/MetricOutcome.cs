namespace Vrp.Harness.Gating;

/// <summary>What a paired comparison says of one metric.</summary>
public enum MetricOutcome
{
    /// <summary>The whole interval of candidate minus baseline lies on the good side of the margin.</summary>
    NonInferior,

    /// <summary>The candidate is worse: the interval lies wholly past the margin, or the adjusted paired test finds a loss.</summary>
    Regressed,

    /// <summary>The interval holds both sides of the margin at this n.</summary>
    Undecided,

    /// <summary>One of the two runs lacks the measure; never a number.</summary>
    NotMeasured,
}
