using Vrp.Harness.Statistics;

namespace Vrp.Harness.Gating;

/// <summary>A metric measured, before the family of tests is adjusted and the margin decides.</summary>
/// <param name="Metric">Which.</param>
sealed record MetricDraft(GateMetric Metric)
{
    /// <summary>Of each run on the common rows; the difference is oriented so that positive is better.</summary>
    public Estimate? Baseline { get; init; }

    /// <inheritdoc cref="Baseline"/>
    public Estimate? Candidate { get; init; }

    /// <inheritdoc cref="Baseline"/>
    public Estimate? Difference { get; init; }

    /// <summary>One-sided, of H₀: no loss.</summary>
    public double? P { get; init; }

    /// <summary>What a reader has to know: rows left out, the other test's figure.</summary>
    public string Note { get; init; } = "";

    /// <summary>Why there is no measure; null where there is one.</summary>
    public string? Missing { get; init; }

    /// <summary>The baseline has the measure and the candidate does not: a regression could hide there.</summary>
    public bool Lost { get; init; }

    /// <summary>Neither direction is worse.</summary>
    public bool TwoSided { get; init; }

    /// <summary>Of a ranking: baseline's minus candidate's share wrong among the 80 % that the signal is surest of.</summary>
    public Estimate? RiskGain { get; init; }
}
