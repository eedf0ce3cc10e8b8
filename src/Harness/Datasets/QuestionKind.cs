namespace Vrp.Harness.Datasets;

/// <summary>What a question asks for, and with it how an answer is judged (<see cref="Answers.AnswerScorer"/>).</summary>
public enum QuestionKind
{
    /// <summary>Yes or no, as in POPE. Written <c>yes-no</c>.</summary>
    YesNo,

    /// <summary>A number. Written <c>count</c>.</summary>
    Count,

    /// <summary>A place: left, right, top or bottom, or a yes/no question about one. Written <c>spatial</c>.</summary>
    Spatial,

    /// <summary>The name of one thing. Written <c>identify</c>.</summary>
    Identify,

    /// <summary>A free description. Written <c>open</c>.</summary>
    Open,

    /// <summary>One of several options that the question lists, told by its letter. Written <c>choice</c>.</summary>
    Choice,
}
