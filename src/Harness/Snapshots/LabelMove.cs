using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Snapshots;

/// <summary>A question whose answer has another label than in the verified file.</summary>
/// <param name="Id">The question's id.</param>
/// <param name="Was">Its label in the verified file.</param>
/// <param name="Is">Its label now.</param>
public sealed record LabelMove(string Id, AnswerStatus Was, AnswerStatus Is)
{
    /// <summary>Was correct, is not.</summary>
    public bool Lost => Was == AnswerStatus.Correct;

    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {Was.Name()} → {Is.Name()}";
}
