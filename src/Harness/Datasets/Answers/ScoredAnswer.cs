namespace Vrp.Harness.Datasets.Answers;

/// <summary>An answer after judging.</summary>
/// <param name="Status">Right, wrong, unparsed or unjudged.</param>
/// <param name="Parsed">What the answer says, in one spelling, so that answers can be compared; null when it says nothing.</param>
public sealed record ScoredAnswer(AnswerStatus Status, string? Parsed)
{
    public bool Correct => Status == AnswerStatus.Correct;
}
