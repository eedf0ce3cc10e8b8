using Vrp.Harness.Datasets;

namespace Vrp.Harness.Claims;

/// <summary>The rows of one question kind that is large enough for figures of its own: at least the minimum cell, both classes.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Rows">Positions in <see cref="StudyContext"/>'s rows, ascending.</param>
public sealed record Stratum(QuestionKind Kind, int[] Rows)
{
    /// <summary>As files write it.</summary>
    public string Name => Kind.Name();
}
