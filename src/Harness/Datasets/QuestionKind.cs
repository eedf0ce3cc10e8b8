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

/// <summary>Kinds as files and reports write them.</summary>
public static class QuestionKinds
{
    /// <summary>Names in the order of the enumeration.</summary>
    public static readonly IReadOnlyList<string> Names = ["yes-no", "count", "spatial", "identify", "open", "choice"];

    public static string Name(this QuestionKind kind) => Names[(int)kind];

    public static bool TryParse(string name, out QuestionKind kind)
    {
        var index = 0;
        while (index < Names.Count && Names[index] != name) index++;
        kind = (QuestionKind)(index % Names.Count);
        return index < Names.Count;
    }
}
