namespace Vrp.Harness.Datasets.Answers;

/// <summary>What became of an answer.</summary>
public enum AnswerStatus
{
    Correct,
    Wrong,

    /// <summary>Says nothing that the rule understands: counts as wrong and is reported apart.</summary>
    Unparsed,

    /// <summary>Only a judgement made elsewhere could tell, and there is none: not a number of any kind.</summary>
    Unjudged,
}
