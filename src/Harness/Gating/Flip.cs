using Vrp.Harness.Claims;

namespace Vrp.Harness.Gating;

/// <summary>A question that one model answers right and the other wrong.</summary>
/// <param name="Baseline">The baseline's answer to it.</param>
/// <param name="Candidate">The candidate's.</param>
public sealed record Flip(QuestionResult Baseline, QuestionResult Candidate)
{
    /// <summary>Was right, is wrong.</summary>
    public bool Lost => Baseline.IsCorrect;
}
